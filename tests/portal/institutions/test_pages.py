"""The pages about institutions: who finds what, at home and abroad, and the whole way of an act through forms alone."""

import re

import aiohttp
import pytest

from registry.flows.act import Caller
from registry.flows.institution.draft import DraftAct, draft_act
from registry.model.institution import ActKind
from registry.portal.rights import RIGHTS, Scope
from tests.institutions.place import PDF
from tests.portal.world import ABROAD, AGENT, BY_NAME, COUNTY, PEOPLE, Portal, Tab, code_of

CHANGE = {"changed_on": "2026-05-20", "legal_representative": "李四", "basis": "任期届满"}
# Said once more in another way than the code says it: who finds a filed act of the county's institution.
FINDS = {"agency-county", "reviewer-county", "reviewer-county-2", "reviewer-city", "reviewer-province", "reviewer-central", "operator",
         "auditor"}  # fmt: skip
STEPS = ("save", "submit", "accept", "return", "decline", "approve", "refuse", "withdraw", "nonsense")


async def drafted(portal: Portal, username: str = "agency-county", kind: ActKind = ActKind.CHANGE) -> str:
    """An act that somebody draws up."""
    person = BY_NAME[username]
    order = DraftAct(kind, person.uscc, CHANGE)
    return await portal.runner.run(Caller("person", username), lambda act: draft_act(act, person, order))


async def filed_act(portal: Portal) -> str:
    """One that waits for its reviewers; what proves it is not looked at here."""
    act_id = await drafted(portal)
    await portal.runner.db.execute(
        "update institution_act set stage = 'filed', filed_at = now(), due_on = '2026-06-04' where id = $1", act_id
    )
    return act_id


async def upload(
    tab: Tab, portal: Portal, act_id: str, purpose: str, content: bytes = PDF, name: str = "证明.pdf"
) -> int:
    """Send the form with a file, as a browser does; the page that answers is kept in the tab."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("csrf", tab.csrf)
    form.add_field("purpose", purpose)
    form.add_field("file", content, filename=name, content_type="application/octet-stream")
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in tab.cookies.items()), "User-Agent": AGENT}
    where = f"{portal.url}/portal/institutions/{act_id}/documents"
    async with tab.client.post(where, data=form, headers=headers, allow_redirects=False) as answer:
        tab.text, tab.status = await answer.text(), answer.status
    return tab.status


async def test_every_person_on_every_page_of_an_act(portal: Portal) -> None:
    """Whose role and place fit finds it; for everybody else it is not there, read or written, whatever the step is called."""
    act_id = await filed_act(portal)
    rows = [right for right in RIGHTS if right.scope is Scope.INSTITUTION]
    assert len(rows) == 3
    wrong = []
    for person in PEOPLE:
        tab = await portal.as_(person.username)
        await tab.get("/portal/notices")
        token = tab.csrf or (await tab.get("/portal/password")).csrf
        for right in rows:
            path = right.path.replace("{act}", act_id)
            await (tab.get(path) if right.method == "GET" else tab.post(path, {"step": "nonsense"}, csrf=token))
            found = {200, 400, 409, 422} if person.username in FINDS else {404}
            expected = found if person.role in right.roles else {403}
            wrong += [] if tab.status in expected else [f"{person.username} {right.method} {right.path}: {tab.status}"]
    assert not wrong, "\n".join(wrong)
    assert await portal.runner.db.fetchval("select stage from institution_act") == "filed"


async def test_a_draft_is_nobody_elses(portal: Portal) -> None:
    """Until it is filed only its body sees it; an id that never was gets the same answer."""
    act_id = await drafted(portal)
    for person in PEOPLE:
        tab = await portal.as_(person.username)
        await tab.get(f"/portal/institutions/{act_id}")
        assert tab.status == (
            200
            if person.username == "agency-county"
            else 403
            if person.role in {"security-officer", "registrar"}
            else 404
        )
        if tab.status == 404:
            known = tab.text
            await tab.get("/portal/institutions/0123456789ABCDEF")
            assert (tab.status, tab.text) == (404, known)


async def test_no_step_passes_from_the_wrong_hands(portal: Portal) -> None:
    """Reviewers abroad and other bodies move nothing; the own agency cannot accept or decide; reviewers cannot file or withdraw for it."""
    act_id = await filed_act(portal)
    cases = {
        "abroad-county": STEPS,
        "agency-abroad": STEPS,
        "agency-rival": STEPS,
        "agency-county": ("accept", "return", "decline", "approve", "refuse"),
        "reviewer-county": ("save", "submit", "approve", "refuse", "withdraw"),
    }
    for username, steps in cases.items():
        tab = await portal.as_(username)
        await tab.get("/portal/notices")
        token = tab.csrf or (await tab.get("/portal/password")).csrf
        for step in steps:
            await tab.post(
                f"/portal/institutions/{act_id}", {"step": step, "reason": "x", "text": "x", "version": "1"}, csrf=token
            )
            assert tab.status in {403, 404, 409, 400, 422}, (username, step, tab.status)
    assert await portal.runner.db.fetchval("select stage from institution_act") == "filed"


async def test_a_change_goes_its_whole_way_through_forms(portal: Portal) -> None:
    """Drawn up, proved, filed, accepted, endorsed by one and registered by another; everybody reads the notice; the desk shows the certificate."""
    agency = await portal.as_("agency-county")
    await agency.get("/portal/institution")
    assert "法人登记" in agency.text
    await agency.get("/portal/institutions/new?kind=change")
    assert "现登记为：张三" in agency.text
    await agency.post("/portal/institutions/new", {"kind": "change", **CHANGE})
    assert agency.status == 303, agency.text
    act_id = agency.location.rpartition("/")[2]
    where = f"/portal/institutions/{act_id}"
    await agency.get(where)
    await agency.post(where, {"step": "submit", "version": "1", **CHANGE})
    assert agency.status == 400
    assert "还缺少材料" in agency.text
    for purpose in ("form", "change", "certificate"):
        await agency.get(where)
        assert await upload(agency, portal, act_id, purpose) == 303, agency.text
    await agency.get(where)
    assert agency.text.count("未查毒") == 3
    version = re.search(r'name="version" value="(\d+)"', agency.text)
    assert version
    await agency.post(where, {"step": "submit", "version": version[1], **CHANGE})
    assert agency.status == 303, agency.text
    first, second = await portal.as_("reviewer-county"), await portal.as_("reviewer-city")
    await first.get("/portal/institutions")
    assert act_id in first.text
    await first.get(where)
    await first.post(where, {"step": "accept", "seen": "filed"})
    await first.get(where)
    await first.post(where, {"step": "approve", "seen": "accepted", "reason": "材料齐全"})
    assert first.status == 303
    await first.get(where)
    assert "须由另一名审核员办理" in first.text
    await second.get(where)
    await second.post(where, {"step": "approve", "seen": "endorsed"})
    assert second.status == 303, second.text
    await agency.get(where)
    notice = re.search(r"/announcements/(\w+)", agency.text)
    assert notice
    public = portal.tab()
    await public.get(f"/announcements/{notice[1]}")
    assert public.status == 200
    assert "李四" in public.text
    await public.get(f"/announcements?q={code_of(COUNTY)}&region=430000")
    assert notice[1] in public.text
    await public.get("/announcements?q=县文化馆")
    assert notice[1] in public.text
    for elsewhere in (f"q={code_of(ABROAD)}", "q=天河", "q=%25", "region=440000"):
        await public.get(f"/announcements?{elsewhere}")
        assert notice[1] not in public.text
    await agency.get("/portal/institution")
    assert "事证第" in agency.text
    assert "李四" in agency.text


async def test_a_form_that_is_wrong_keeps_what_was_typed(portal: Portal) -> None:
    """Every fault stands at its field, and nothing that was typed is lost; markup in it is shown and never run."""
    tab = await portal.as_("agency-county")
    await tab.get("/portal/institutions/new?kind=cancel")
    await tab.post(
        "/portal/institutions/new",
        {"kind": "cancel", "ground": "dissolved", "started_on": "2026-13-01", "note": "<script>alert(1)</script>"},
    )
    assert tab.status == 422
    assert 'id="p-started_on"' in tab.text
    assert "&lt;script&gt;alert(1)" in tab.text
    assert "<script>alert" not in tab.text
    for query in ("kind=nonsense", "kind=report&year=x", "kind=change&uscc=%00"):
        await tab.get(f"/portal/institutions/new?{query}")
        assert tab.status in {200, 422}, query


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("x.pdf", b"<html><script>1</script>", 422),
        ("x.pdf", PDF + b"PK\x03\x04", 422),
        ("x.pdf.exe", PDF, 422),
        ("x.pdf", b"", 400),
        ("../../x.pdf", PDF, 303),
        ("", b"", 400),
    ],
)
async def test_a_file_that_is_no_document_is_told_beside_the_card(
    portal: Portal, name: str, content: bytes, status: int
) -> None:
    """The card comes back with the reason, nothing is kept, and a path in a name means nothing."""
    act_id = await drafted(portal)
    tab = await portal.as_("agency-county")
    await tab.get(f"/portal/institutions/{act_id}")
    assert await upload(tab, portal, act_id, "form", content, name) == status
    assert ('id="problem"' in tab.text) == (status != 303)
    names = [row["name"] for row in await portal.runner.db.fetch("select name from document")]
    assert names == (["x.pdf"] if status == 303 else [])


async def raw(tab: Tab, portal: Portal, act_id: str, body: bytes, boundary: str = "B") -> int:
    """Octets as a form with files."""
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in tab.cookies.items()), "User-Agent": AGENT, "Accept": "text/html",
               "Content-Type": f"multipart/form-data; boundary={boundary}"}  # fmt: skip
    where = f"{portal.url}/portal/institutions/{act_id}/documents"
    async with tab.client.post(where, data=body, headers=headers, allow_redirects=False) as answer:
        await answer.read()
        return answer.status


def part(name: str, value: bytes, filename: str | None = None, more: bytes = b"") -> bytes:
    """One part of a form."""
    said = f'; filename="{filename}"' if filename is not None else ""
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{said}\r\n'.encode() + more + b"\r\n" + value + b"\r\n"


async def test_forms_that_are_none_break_nothing(portal: Portal) -> None:
    """The file before the token, two files, nested or encoded parts, endless fields, no end: refused, nothing kept, and the next form passes."""
    act_id = await drafted(portal)
    tab = await portal.as_("agency-county")
    await tab.get(f"/portal/institutions/{act_id}")
    token = part("csrf", tab.csrf.encode())
    purpose, file, end = part("purpose", b"form"), part("file", PDF, "x.pdf"), b"--B--\r\n"
    cases = {
        "file before the token": (file + token + purpose + end, {403}),
        "two files": (token + purpose + file + part("file", b"%PDF-other", "y.pdf") + end, {413}),
        "no token": (purpose + end, {403}),
        "encoded": (token + part("file", b"JVBERi0=", "x.pdf", b"Content-Transfer-Encoding: base64\r\n") + end, {400}),
        "nested": (token + part("file", b"--C--", None, b"Content-Type: multipart/mixed; boundary=C\r\n") + end, {400}),
        "no name": (b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + end, {400}),
        "a long field": (token + part("purpose", b"x" * 200_000) + end, {413}),
        "many fields": (token + part("x", b"") * 200 + end, {413}),
        "no text": (token + part("purpose", b"\xff\xfe") + end, {400}),
        "no end": (token + purpose + file[:-20], {400}),
        "nothing": (b"", {400, 403}),
        "no form": (b"\0" * 5000, {400, 403}),
    }
    wrong = {}
    for case, (body, expected) in cases.items():
        status = await raw(tab, portal, act_id, body)
        if status not in expected:
            wrong[case] = status
    assert not wrong
    assert await portal.runner.db.fetchval("select count(*) from document") == 0
    assert await raw(tab, portal, act_id, token + purpose + file + end) == 303


async def test_a_reviewer_files_at_the_counter_for_a_body_of_his_place(portal: Portal) -> None:
    """For an institution of another county there is no form and no draft, and it is not even shown."""
    tab = await portal.as_("reviewer-county")
    await tab.get(f"/portal/institutions/new?kind=change&uscc={code_of(COUNTY)}")
    assert "长沙县文化馆" in tab.text
    await tab.post("/portal/institutions/new", {"kind": "change", "uscc": code_of(COUNTY), **CHANGE})
    assert tab.status == 303
    await tab.get(f"/portal/institutions/new?kind=change&uscc={code_of(ABROAD)}")
    assert "天河区文化馆" not in tab.text
    await tab.post("/portal/institutions/new", {"kind": "change", "uscc": code_of(ABROAD), **CHANGE})
    assert tab.status == 404
    assert await portal.runner.db.fetchval("select count(*) from institution_act") == 1


async def test_public_notices_take_any_question(portal: Portal) -> None:
    """What is asked of the list in public never breaks it, and a notice that is not there is a page that says so."""
    tab = portal.tab()
    for path in (
        "/announcements?before=-1",
        "/announcements?before=99999999999999999999",
        "/announcements?region=4%25&q=%00'%25",
        "/announcements",
    ):
        await tab.get(path)
        assert tab.status == 200, path
    for path in ("/announcements/nothing", "/announcements/%00", "/announcements/" + "A" * 300):
        await tab.get(path)
        assert tab.status == 404, path
