"""What time does: overdue cases climb, an absent reviewer's desk moves, holders are reminded; a missed run is made up, nothing twice."""

from datetime import timedelta

import pytest

from registry.flows.act import Caller
from registry.flows.review.claim import ClaimApplication, claim_application
from registry.jobs.application_clocks import run_application_clocks, run_name_clocks
from registry.model.jurisdiction import desks_above
from tests.portal.test_review import decide
from tests.portal.world import BY_NAME, Portal, filed

NAME = "xn--xkrp53d.xn--55qw42g"  # 清华.公益


async def told(portal: Portal, kind: str) -> list[tuple[str, str, str]]:
    """Recipients and severity of the notices of a kind, in order."""
    rows = await portal.runner.db.fetch(
        "select recipient_kind, recipient, severity from notice where kind = $1 order by id", kind
    )
    return [tuple(row) for row in rows]


async def days_pass(portal: Portal, days: int) -> None:
    """Day by day, the job running each day."""
    for _ in range(days):
        await portal.clock.move(days=1)
        await run_application_clocks(portal.runner)


async def test_an_overdue_case_climbs(portal: Portal) -> None:
    """On its last day the desk hears of it, the day after the desk and the one above, a working week later one more."""
    await filed(portal.runner, "county")  # Monday, 1 June 2026; five working days end on Monday the 8th
    await days_pass(portal, 6)
    assert await told(portal, "application.due") == []
    await days_pass(portal, 1)
    assert await told(portal, "application.due") == [("reviewers", "county:430121", "action")]
    await days_pass(portal, 1)
    assert (await told(portal, "application.due"))[1:] == [
        ("reviewers", "county:430121", "urgent"),
        ("reviewers", "city:430121", "urgent"),
    ]
    await days_pass(portal, 7)
    assert [to for _, to, _ in (await told(portal, "application.due"))[3:]] == [
        "county:430121",
        "city:430121",
        "province:430121",
    ]
    assert desks_above("county", 9)[-1] == "central"


async def test_a_run_that_was_missed_is_made_up_and_none_is_doubled(portal: Portal) -> None:
    """Asked twenty times a day it says a thing once; away for days it says what is due now."""
    case = await filed(portal.runner, "county")
    await portal.clock.move(days=8)  # Tuesday the 9th: one day over
    for _ in range(20):
        await run_application_clocks(portal.runner)
    assert len(await told(portal, "application.due")) == 2
    await decide(portal.runner, "reviewer-county", case, "approve")
    await decide(portal.runner, "reviewer-city", case, "approve")
    await days_pass(portal, 12)
    assert len(await told(portal, "application.due")) == 2


async def test_who_has_it_on_his_desk_hears_first(portal: Portal) -> None:
    """The reviewer who took the case, and then the desk."""
    case = await filed(portal.runner, "county")
    person = BY_NAME["reviewer-county"]
    await portal.runner.run(
        Caller("person", person.username), lambda act: claim_application(act, person, ClaimApplication(case))
    )
    await portal.clock.move(days=7)
    await run_application_clocks(portal.runner)
    assert [to for _, to, _ in await told(portal, "application.due")] == ["reviewer-county", "county:430121"]


async def test_an_absent_reviewers_desk_goes_to_his_delegate(portal: Portal) -> None:
    """On the first day what he claimed is his delegate's, what is handed to him meanwhile too; after the last day it is his again."""
    case = await filed(portal.runner, "county")
    person = BY_NAME["reviewer-county"]
    await portal.runner.run(
        Caller("person", person.username), lambda act: claim_application(act, person, ClaimApplication(case))
    )
    tab = await portal.as_("reviewer-county")
    await tab.get("/portal/absence")
    assert "县级审核员乙" in tab.text
    await tab.post(
        "/portal/absence", {"delegate": "reviewer-county-2", "first_day": "2026-06-02", "last_day": "2026-06-05"}
    )
    assert tab.status == 303, tab.text
    await run_application_clocks(portal.runner)
    desk = "select claimed_by from application where id = $1"
    assert await portal.runner.db.fetchval(desk, case) == "person:reviewer-county"
    await days_pass(portal, 1)
    assert await portal.runner.db.fetchval(desk, case) == "person:reviewer-county-2"
    assert await told(portal, "absence.handed") == [("person", "reviewer-county-2", "action")]
    city = BY_NAME["reviewer-city"]
    hand = ClaimApplication(case, "reviewer-county")
    await portal.runner.run(Caller("person", city.username), lambda act: claim_application(act, city, hand))
    assert await portal.runner.db.fetchval(desk, case) == "person:reviewer-county-2"
    await portal.clock.move(days=5)
    await portal.runner.run(Caller("person", city.username), lambda act: claim_application(act, city, hand))
    assert await portal.runner.db.fetchval(desk, case) == "person:reviewer-county"


@pytest.mark.parametrize(
    "fields",
    [
        {"delegate": "reviewer-county"}, {"delegate": "abroad-county"}, {"delegate": "nobody"}, {"delegate": "auditor"},
        {"first_day": "2026-05-31"}, {"last_day": "2026-06-01"}, {"last_day": "2027-01-01"}, {"first_day": "tomorrow"},
    ],
)  # fmt: skip
async def test_a_delegate_must_have_the_reach_and_days_must_make_sense(portal: Portal, fields: dict[str, str]) -> None:
    """Nobody hands his cases to somebody who may not see them, nor for ever."""
    tab = await portal.as_("reviewer-county")
    await tab.get("/portal/absence")
    good = {"delegate": "reviewer-county-2", "first_day": "2026-06-02", "last_day": "2026-06-05"}
    await tab.post("/portal/absence", {**good, **fields})
    assert 400 <= tab.status < 500
    assert 'role="alert"' in tab.text
    assert await portal.runner.db.fetchval("select count(*) from reviewer_absence") == 0


async def test_several_second_opinions_at_once(portal: Portal) -> None:
    """Those ticked are decided one by one: what passes is approved, what does not says why and stays; own opinions cannot be followed."""
    cases = [
        await filed(portal.runner, "county"),
        await filed(portal.runner, "city"),
        await filed(portal.runner, "abroad"),
    ]
    await decide(portal.runner, "reviewer-county", cases[0], "approve")
    await decide(portal.runner, "reviewer-city", cases[1], "approve")
    tab = await portal.as_("reviewer-city")
    await tab.get("/portal/queue?view=second")
    assert f'name="case-{cases[0]}"' in tab.text
    assert f'name="case-{cases[1]}"' not in tab.text  # his own opinion
    await tab.post("/portal/queue", {f"case-{case}": "1" for case in cases})
    assert tab.status == 200
    assert tab.text.count("已批准") >= 1
    stages = [await portal.runner.db.fetchval("select stage from application where id = $1", case) for case in cases]
    assert stages == ["approved", "endorsed", "submitted"]
    await tab.get("/portal/queue?view=second")
    await tab.post("/portal/queue", {})
    assert tab.status == 400
    await tab.get("/portal/queue?view=second")
    await tab.post("/portal/queue", {f"case-X{number}": "1" for number in range(51)})
    assert tab.status == 413


async def held(portal: Portal) -> None:
    """清华.公益 is registered today."""
    case = await filed(portal.runner, "central")
    await decide(portal.runner, "reviewer-central", case, "approve")


async def test_holders_are_reminded_of_a_years_end(portal: Portal) -> None:
    """Ninety, thirty and seven days before, each once, however often the job runs; after an absence the one that is due now."""
    await held(portal)
    expires = await portal.runner.db.fetchval("select expires_at from domain where name = $1", NAME)
    seen = []
    for days in (95, 89, 88, 29, 6, 5):
        portal.clock.set(expires - timedelta(days=days))
        await run_name_clocks(portal.runner)
        await run_name_clocks(portal.runner)
        seen.append(len(await told(portal, "name.ending_year")))
    assert seen == [0, 1, 1, 2, 3, 3]


async def test_an_absent_job_reminds_of_what_is_due_now(portal: Portal) -> None:
    """Who was away from before ninety days until six days sends one letter, not three."""
    await held(portal)
    expires = await portal.runner.db.fetchval("select expires_at from domain where name = $1", NAME)
    portal.clock.set(expires - timedelta(days=6))
    await run_name_clocks(portal.runner)
    assert await portal.runner.db.fetchval(
        "select array_agg((payload ->> 'days')::int) from notice where kind = 'name.ending_year'"
    ) == [7]


async def test_a_name_is_looked_at_once_a_year(portal: Portal) -> None:
    """Asked on its birthday, confirmed on its page; who does not look is told to the reviewers once, and the name goes on resolving."""
    await held(portal)
    await portal.clock.move(days=366)
    await run_name_clocks(portal.runner)
    await run_name_clocks(portal.runner)
    assert len(await told(portal, "name.recheck")) == 1
    await portal.clock.move(days=31)
    await run_name_clocks(portal.runner)
    await run_name_clocks(portal.runner)
    assert len(await told(portal, "name.recheck_overdue")) == 1
    tab = await portal.as_("agency")
    await tab.get(f"/portal/names/{NAME}")
    assert "年度核对" in tab.text
    await tab.post(f"/portal/names/{NAME}/recheck")
    assert tab.status == 303, tab.text
    await tab.get(f"/portal/names/{NAME}")
    assert "已核对，属实" not in tab.text
    await tab.post(f"/portal/names/{NAME}/recheck")
    assert tab.status == 409
    assert await portal.runner.db.fetchval("select count(*) from published.delegation where owner = $1", NAME) in {0, 1}
