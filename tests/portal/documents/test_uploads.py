"""Documents that people bring: recognised by what they hold, kept sealed, given back only to who may see them."""

import zipfile
from io import BytesIO

import aiohttp
import pytest

from registry.flows.act import Caller
from registry.flows.document.inspect import MAX_BYTES, inspect_file
from registry.flows.institution.draft import DraftAct, draft_act
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.institution import ActKind
from tests.institutions.place import PDF
from tests.portal.world import AGENT, BY_NAME, COUNTY, Portal, Tab, code_of

OWN = BY_NAME["agency-county"]


def zipped(**files: bytes) -> bytes:
    """An archive with these members."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


HOSTILE = {
    "a page": ("page.pdf", b"<html><script>alert(1)</script></html>"),
    "a program": ("run.pdf", b"MZ\x90\x00" + bytes(200)),
    "an archive that is no document": ("x.docx", zipped(readme=b"x")),
    "a picture with a page behind it": ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "nothing": ("empty.pdf", b""),
}


async def draft(portal: Portal) -> str:
    """A change of the county's institution that is drawn up."""
    order = DraftAct(ActKind.CHANGE, code_of(COUNTY), {"legal_representative": "李四"})
    return await portal.runner.run(Caller("person", OWN.username), lambda act: draft_act(act, OWN, order))


async def upload(
    tab: Tab, portal: Portal, act_id: str, name: str, content: bytes, *, csrf: str = ""
) -> tuple[int, str]:
    """Send the form with a file as a browser does."""
    await tab.get(f"/portal/institutions/{act_id}")
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("csrf", csrf or tab.csrf)
    form.add_field("purpose", "change")
    form.add_field("file", BytesIO(content), filename=name, content_type="application/octet-stream")
    cookie = "; ".join(f"{key}={value}" for key, value in tab.cookies.items())
    async with tab.client.post(
        f"{portal.url}/portal/institutions/{act_id}/documents", data=form, headers={"Cookie": cookie, "User-Agent": AGENT}, allow_redirects=False
    ) as answer:  # fmt: skip
        return answer.status, await answer.text()


async def test_a_document_is_sealed_and_comes_back_whole(portal: Portal) -> None:
    """What was brought lies in the database unreadable, and is given back octet for octet, to be saved and never shown."""
    act_id = await draft(portal)
    tab = await portal.as_("agency-county")
    status, text = await upload(tab, portal, act_id, "证明<b>.pdf", PDF)
    assert status == 303, text
    row = await portal.runner.db.fetchrow("select * from document")
    assert row is not None
    assert PDF not in bytes(str(dict(row)).encode())
    assert all(PDF[9:40] not in value for value in row.values() if isinstance(value, bytes))
    await tab.get(f"/portal/institutions/{act_id}")
    assert "证明" in tab.text
    await tab.get(f"/portal/documents/{row['id']}")
    assert tab.status == 200
    assert tab.headers["Content-Disposition"].startswith("attachment")
    assert tab.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in tab.headers["Content-Security-Policy"]
    for stranger in ("abroad-county", "agency-abroad", "agency-rival"):
        foreign = await portal.as_(stranger)
        await foreign.get(f"/portal/documents/{row['id']}")
        assert foreign.status == 404, stranger
    reviewer = await portal.as_("reviewer-county")
    await reviewer.get(f"/portal/documents/{row['id']}")
    assert reviewer.status == 404  # a draft is its author's
    await portal.runner.db.execute("update institution_act set stage = 'filed', filed_at = now()")
    await reviewer.get(f"/portal/documents/{row['id']}")
    assert reviewer.status == 200
    assert reviewer.text == PDF.decode()


@pytest.mark.parametrize("case", HOSTILE)
async def test_what_is_no_document_is_refused(country: Runner, case: str) -> None:
    """A name says nothing: pages, programs and archives are refused whatever they are called."""
    name, content = HOSTILE[case]
    with pytest.raises(Refusal) as refused:
        await inspect_file(country.config, name, content)
    assert refused.value.reason in {
        Reason.VALUE_INVALID,
        Reason.POLICY_FORBIDS,
        Reason.PARAMETER_MISSING,
        Reason.SYNTAX_INVALID,
    }


async def test_a_document_beyond_the_bound_is_refused(portal: Portal) -> None:
    """Ten megabytes and no more; nothing of it is kept, and the next one is taken."""
    act_id = await draft(portal)
    tab = await portal.as_("agency-county")
    status, _ = await upload(tab, portal, act_id, "big.pdf", PDF + bytes(MAX_BYTES))
    assert status == 413
    assert await portal.runner.db.fetchval("select count(*) from document") == 0
    status, _ = await upload(tab, portal, act_id, "small.pdf", PDF)
    assert status == 303


async def test_a_form_of_another_page_brings_nothing(portal: Portal) -> None:
    """Without the token of the page nothing is read, let alone kept."""
    act_id = await draft(portal)
    tab = await portal.as_("agency-county")
    status, _ = await upload(tab, portal, act_id, "x.pdf", PDF, csrf="x")
    assert status == 403
    assert await portal.runner.db.fetchval("select count(*) from document") == 0
