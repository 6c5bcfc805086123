"""The responsible person of an application, and the documents that are brought to it."""

import re
from io import BytesIO

import aiohttp
import pytest

from registry.flows.responsible.link import link_code
from registry.kernel.config import Config
from registry.store import responsible
from tests.portal.documents.test_uploads import PDF
from tests.portal.test_review import decide
from tests.portal.world import AGENT, COUNTY, SECRET, Portal, Tab, cheap_hash, code_of, filed

NAMED = {"name": "李馆长", "title": "馆长", "email": "li@example.gov.cn"}


async def named(portal: Portal) -> tuple[str, Tab]:
    """An application of the county's agency with a responsible person who was sent his link."""
    case = await filed(portal.runner, "county")
    tab = await portal.as_("agency-county")
    await tab.get(f"/portal/applications/{case}")
    await tab.post(f"/portal/applications/{case}/responsible", NAMED)
    assert tab.status == 303, tab.text
    return case, tab


async def link(portal: Portal, case: str) -> str:
    """The address in the letter."""
    async with portal.runner.db.connection() as conn:
        one = await responsible.find(conn, case)
    assert one is not None
    return f"/portal/responsible/{case}?code={link_code(portal.runner.config, case, one.email, one.asked_at)}"


async def answer(portal: Portal, path: str, said: str, remark: str = "") -> Tab:
    """Open the link in a browser that knows nobody, and answer."""
    tab = portal.tab()
    await tab.get(path)
    assert tab.status == 200, tab.text
    code = re.search(r'name="code" value="(\w+)"', tab.text)
    assert code
    return await tab.post(path.partition("?")[0], {"code": code[1], "answer": said, "remark": remark})


async def test_an_approval_waits_for_the_responsible_person(portal: Portal) -> None:
    """Without his word nobody approves; a refusal needs none; with it the case goes on, and the reviewer sees by which way he said it."""
    case, _ = await named(portal)
    reviewer = await portal.as_("reviewer-county")
    await reviewer.get(f"/portal/applications/{case}")
    assert "待确认" in reviewer.text
    await reviewer.post(f"/portal/applications/{case}/decision", {"move": "approve"})
    assert reviewer.status == 409
    assert "责任人尚未确认" in reviewer.text
    done = await answer(portal, await link(portal, case), "confirmed", "情况属实")
    assert done.status == 303, done.text
    await done.get(done.location)
    assert "您已确认这件申请" in done.text
    await reviewer.get(f"/portal/applications/{case}")
    assert "情况属实" in reviewer.text
    await reviewer.post(f"/portal/applications/{case}/decision", {"move": "approve"})
    assert reviewer.status == 303, reviewer.text
    assert [one["subject"] for one in await portal.entries("application.responsible_confirmed")] == [case]


async def test_a_denial_stops_the_case(portal: Portal) -> None:
    """Who says that it does not concern him is heard: no approval, and the applicant is told."""
    case, _ = await named(portal)
    await answer(portal, await link(portal, case), "denied", "我没有同意")
    reviewer = await portal.as_("reviewer-county")
    await reviewer.get(f"/portal/applications/{case}")
    assert "我没有同意" in reviewer.text
    await reviewer.post(f"/portal/applications/{case}/decision", {"move": "approve"})
    assert "责任人否认了这件申请" in reviewer.text
    told = await portal.runner.db.fetchval(
        "select count(*) from notice where kind = 'application.responsible' and severity = 'action' and not routed"
    )
    assert told == 1


async def test_a_link_is_its_persons_and_ends(portal: Portal) -> None:
    """A changed code, an older link, a link of another case, and one that is sixteen days old show nothing; an answer is given once."""
    case, tab = await named(portal)
    first = await link(portal, case)
    other = await filed(portal.runner, "abroad")
    for wrong in (
        first[:-1] + ("A" if first[-1] != "A" else "B"),
        first.replace(case, other),
        f"/portal/responsible/{case}",
        first + "x",
    ):
        assert (await portal.tab().get(wrong)).status == 404
    await portal.clock.move(minutes=11)
    await tab.get(f"/portal/applications/{case}")
    await tab.post(f"/portal/applications/{case}/responsible", NAMED)
    assert (await portal.tab().get(first)).status == 404
    second = await link(portal, case)
    await answer(portal, second, "confirmed")
    again = portal.tab()
    await again.get(second)
    assert "<form" not in again.text.partition("<main")[2].partition("</main")[0]
    await portal.clock.move(days=16)
    assert (await portal.tab().get(second)).status == 404


async def test_a_colleagues_account_confirms_and_the_applicants_does_not(portal: Portal) -> None:
    """The second sign-in: another account of the same body; who filed it, and any other body, have no say."""
    case, tab = await named(portal)
    await tab.post(f"/portal/applications/{case}/confirmation", {"answer": "confirmed"})
    assert tab.status == 403
    stranger = await portal.as_("agency-abroad")
    await stranger.get("/portal/apply")
    await stranger.post(f"/portal/applications/{case}/confirmation", {"answer": "confirmed"})
    assert stranger.status == 404
    await portal.runner.db.execute(
        "insert into person (username, role, region, uscc, name, password_hash, totp_secret, created_at) "
        "values ('county-head', 'agency', '430121', $1, '李馆长', $2, $3, now())",
        code_of(COUNTY), cheap_hash(), SECRET,
    )  # fmt: skip
    head = await portal.as_("county-head")
    await head.get(f"/portal/applications/{case}")
    assert "如您就是责任人" in head.text
    await head.post(f"/portal/applications/{case}/confirmation", {"answer": "confirmed"})
    assert head.status == 303
    await decide(portal.runner, "reviewer-county", case, "approve")


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"email": "nobody"}, {"email": "a@b.cn\nBcc: x@y.cn"}, {"name": "名" * 61}, {"title": "职" * 61}],
)
async def test_who_is_named_badly_is_told_beside_the_form(portal: Portal, fields: dict[str, str]) -> None:
    """No letter goes to an address that is none, and nothing is kept."""
    case = await filed(portal.runner, "county")
    tab = await portal.as_("agency-county")
    await tab.get(f"/portal/applications/{case}")
    await tab.post(f"/portal/applications/{case}/responsible", {**NAMED, **fields})
    assert tab.status in {400, 413, 422}
    assert 'role="alert"' in tab.text
    assert await portal.runner.db.fetchval("select count(*) from delivery") == 0


async def test_nobodys_mailbox_is_filled(portal: Portal) -> None:
    """A second link within ten minutes is refused, and after five there are none."""
    case, tab = await named(portal)
    await tab.get(f"/portal/applications/{case}")
    await tab.post(f"/portal/applications/{case}/responsible", NAMED)
    assert tab.status == 429
    for _ in range(4):
        await portal.clock.move(minutes=11)
        tab = await portal.as_("agency-county")
        await tab.get(f"/portal/applications/{case}")
        await tab.post(f"/portal/applications/{case}/responsible", NAMED)
        assert tab.status == 303
    await portal.clock.move(minutes=11)
    tab = await portal.as_("agency-county")
    await tab.get(f"/portal/applications/{case}")
    await tab.post(f"/portal/applications/{case}/responsible", NAMED)
    assert tab.status == 429
    assert await portal.runner.db.fetchval("select count(*) from delivery") == 5


def test_the_code_is_of_everything_that_was_asked(config: Config) -> None:
    """Another case, address or instant makes another code, and it is long enough to need no account."""
    from datetime import UTC, datetime  # for this test alone

    config.data.mkdir(parents=True, exist_ok=True)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    codes = {
        link_code(config, case, email, when)
        for case in ("A1", "A2") for email in ("a@b.cn", "c@b.cn") for when in (at, at.replace(second=1))
    }  # fmt: skip
    assert len(codes) == 8
    assert all(len(code) == 32 for code in codes)


async def upload(tab: Tab, portal: Portal, case: str, purpose: str, content: bytes) -> int:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("csrf", tab.csrf)
    form.add_field("purpose", purpose)
    form.add_field("file", BytesIO(content), filename="批文.pdf", content_type="application/pdf")
    cookie = "; ".join(f"{key}={value}" for key, value in tab.cookies.items())
    headers = {"Cookie": cookie, "User-Agent": AGENT}
    async with tab.client.post(
        f"{portal.url}/portal/applications/{case}/documents", data=form, headers=headers, allow_redirects=False
    ) as said:
        return said.status


async def test_documents_come_to_a_case_and_its_reviewers_read_them(portal: Portal) -> None:
    """Sealed in the database, read by the reviewers of that reach and by nobody else's, closed to changes when the case is settled."""
    case = await filed(portal.runner, "county")
    tab = await portal.as_("agency-county")
    await tab.get(f"/portal/applications/{case}")
    assert await upload(tab, portal, case, "basis", PDF) == 303
    assert await upload(tab, portal, case, "poem", PDF) == 422
    assert await upload(tab, portal, case, "basis", b"MZ" + bytes(99)) in {400, 422}
    number = await portal.runner.db.fetchval("select id from document")
    reviewer, abroad = await portal.as_("reviewer-county"), await portal.as_("abroad-county")
    await reviewer.get(f"/portal/applications/{case}")
    assert "批文.pdf" in reviewer.text
    assert (await reviewer.get(f"/portal/documents/{number}")).status == 200
    assert (await abroad.get(f"/portal/documents/{number}")).status == 404
    await decide(portal.runner, "reviewer-county", case, "refuse", "依据不足")
    await decide(portal.runner, "reviewer-city", case, "refuse", "依据不足")
    await tab.get("/portal/apply")
    assert await upload(tab, portal, case, "other", PDF) == 409
