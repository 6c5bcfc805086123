"""What a holder does with his name: delegate it, change that with a second person, put it back, renew it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.flows.holding.wish import as_json, from_json, read_wish
from registry.kernel.errors import Reason, Refusal
from tests.portal.test_review import decide
from tests.portal.world import SECRET, TSINGHUA, Portal, Tab, cheap_hash, filed

NAME = "xn--xkrp53d.xn--55qw42g"  # 清华.公益
FIRST = {"servers": "ns1.example.cn\nns2.example.cn", "signers": ""}
SECOND = {"servers": "ns3.example.cn", "signers": "60485 13 2 " + "AB" * 32}


@pytest.fixture
async def holder(portal: Portal) -> Tab:
    """The agency that holds 清华.公益, signed in."""
    application = await filed(portal.runner, "central")
    await decide(portal.runner, "reviewer-central", application, "approve")
    tab = await portal.as_("agency")
    await tab.get(f"/portal/names/{NAME}")
    assert tab.status == 200, tab.text
    return tab


async def colleague(portal: Portal) -> Tab:
    """Another person of the body."""
    await portal.runner.db.execute(
        "insert into person (username, role, uscc, name, password_hash, totp_secret, created_at) "
        "values ('agency-2', 'agency', $1, '经办人乙', $2, $3, now())",
        TSINGHUA, cheap_hash(), SECRET,
    )  # fmt: skip
    return await portal.as_("agency-2")


async def change(tab: Tab, fields: dict[str, str]) -> None:
    """Look at the name, then send the form."""
    await tab.get(f"/portal/names/{NAME}")
    await tab.post(f"/portal/names/{NAME}/delegation", fields)


async def step(tab: Tab, portal: Portal, move: str, page: str = f"/portal/names/{NAME}") -> None:
    """Take a step with the last change."""
    number = await portal.runner.db.fetchval("select max(id) from holder_change")
    await tab.get(page)
    await tab.post(f"/portal/changes/{number}", {"move": move, "name": NAME})


async def served(portal: Portal) -> set[str]:
    """The name servers that the zone publishes for the name."""
    rows = await portal.runner.db.fetch(
        "select unnest(servers) as host from published.delegation where owner = $1", NAME
    )
    return {row["host"] for row in rows}


async def test_the_first_delegation_takes_effect_at_once(portal: Portal, holder: Tab) -> None:
    """Where nothing answers yet nothing can be broken: one person is enough."""
    await change(holder, FIRST)
    assert holder.status == 303
    assert await served(portal) == {"ns1.example.cn", "ns2.example.cn"}
    await holder.get(f"/portal/names/{NAME}")
    assert "ns1.example.cn" in holder.text


async def test_a_live_name_changes_when_a_colleague_confirms(portal: Portal, holder: Tab) -> None:
    """Old and new stand side by side; who asked cannot confirm; afterwards one act puts back what was before."""
    await change(holder, FIRST)
    await change(holder, SECOND)
    assert await served(portal) == {"ns1.example.cn", "ns2.example.cn"}
    await step(holder, portal, "agree")
    assert holder.status == 403
    second = await colleague(portal)
    await second.get(f"/portal/names/{NAME}")
    assert "变更前" in second.text
    assert "ns3.example.cn" in second.text
    await step(second, portal, "agree")
    assert second.status == 303
    assert await served(portal) == {"ns3.example.cn"}
    assert await portal.runner.db.fetchval("select count(*) from domain_ds") == 1
    actor = await portal.runner.db.fetchval(
        "select actor from history where act = 'domain.updated' order by id desc limit 1"
    )
    assert actor == "registrar:registrar-a by person:agency-2"
    await step(holder, portal, "undo")
    assert holder.status == 303
    assert await served(portal) == {"ns1.example.cn", "ns2.example.cn"}
    assert await portal.runner.db.fetchval("select count(*) from domain_ds") == 0


async def test_a_reviewer_is_the_second_person_of_a_body_alone(portal: Portal, holder: Tab) -> None:
    """A body with one account has its change confirmed by the reviewer in charge, whom a notice tells, and by none abroad."""
    await change(holder, FIRST)
    await change(holder, SECOND)
    reviewer = await portal.as_("reviewer-central")
    await reviewer.get("/portal/changes")
    assert "ns3.example.cn" in reviewer.text
    abroad = await portal.as_("abroad-county")
    await abroad.get("/portal/changes")
    assert "ns3.example.cn" not in abroad.text
    await step(abroad, portal, "agree", "/portal/changes")
    assert abroad.status == 404
    await step(reviewer, portal, "agree", "/portal/changes")
    assert reviewer.status == 303
    assert await served(portal) == {"ns3.example.cn"}
    kinds = {row["kind"] for row in await portal.runner.db.fetch("select kind from notice")}
    assert {"delegation.asked", "delegation.decided"} <= kinds


async def test_what_is_refused_or_out_of_date_changes_nothing(portal: Portal, holder: Tab) -> None:
    """One change waits at a time; it is void when the name changed under it; who asked takes it back; a week later nothing is undone."""
    await change(holder, FIRST)
    await change(holder, SECOND)
    await change(holder, {"servers": "ns4.example.cn"})
    assert holder.status == 409
    await step(holder, portal, "refuse")
    assert holder.status == 303
    assert await served(portal) == {"ns1.example.cn", "ns2.example.cn"}
    await change(holder, SECOND)
    second = await colleague(portal)
    await step(second, portal, "agree")
    await portal.clock.move(days=8)
    later = await portal.as_("agency")
    await step(later, portal, "undo")
    assert later.status == 409
    assert await served(portal) == {"ns3.example.cn"}


@pytest.mark.parametrize(
    "fields",
    [
        {"servers": "not a host"},
        {"servers": "ns1.example.cn 300.1.1.1"},
        {"servers": "ns1.example.cn", "signers": "60485 13 2 XYZ"},
        {"servers": "ns1.example.cn", "signers": "99999 13 2 " + "AB" * 32},
        {"servers": "\n".join(f"ns{i}.example.cn" for i in range(14))},
        {"servers": f"ns1.{NAME}"},
        {"servers": ""},
    ],
)
async def test_what_is_no_delegation_is_said_beside_the_form(
    portal: Portal, holder: Tab, fields: dict[str, str]
) -> None:
    """A line that cannot be read, too many, or a server below the name without its address: told, kept in the form, nothing changed."""
    await change(holder, fields)
    assert holder.status in {400, 409, 413, 422}, holder.status
    assert 'role="alert"' in holder.text
    assert await served(portal) == set()


async def test_other_names_are_not_there(portal: Portal, holder: Tab) -> None:
    """A name of another body, and one that nobody holds, get the same answer."""
    foreign = await portal.as_("agency-county")
    for name in (NAME, "nothing.xn--55qw42g", "x", "%00"):
        await foreign.get(f"/portal/names/{name}")
        assert foreign.status == 404
    await holder.get("/portal/")
    assert f"/portal/names/{NAME}" in holder.text


async def test_a_name_is_renewed_for_a_year(portal: Portal, holder: Tab) -> None:
    """The expiry moves by a year; over ten years the register says no."""
    read = "select expires_at from domain"
    before = await portal.runner.db.fetchval(read)
    await holder.get(f"/portal/names/{NAME}")
    await holder.post(f"/portal/names/{NAME}/renewal")
    after = await portal.runner.db.fetchval(read)
    assert (after.year, after.month) == (before.year + 1, before.month)
    for _ in range(10):
        await holder.get(f"/portal/names/{NAME}")
        await holder.post(f"/portal/names/{NAME}/renewal")
    assert holder.status in {400, 422}
    assert re.search(r'role="alert"', holder.text)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read_or_refused(servers: str, signers: str) -> None:
    """Whatever is typed is read as a delegation that writes back as itself, or refused with a reason for its line."""
    try:
        wish = read_wish(servers, signers)
    except Refusal as refusal:
        assert refusal.reason in {Reason.VALUE_INVALID, Reason.TOO_LARGE}  # noqa: PT017  # either way is right
    else:
        assert from_json(as_json(wish)) == wish
