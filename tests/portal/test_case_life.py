"""The life of an application beside the straight way: corrections, claims, refusals to accept, lapse, appeals, messages, failures."""

import pytest

from registry.flows.act import Caller
from registry.flows.review.queue import read_queue
from registry.flows.runner import Runner
from registry.jobs.lapse_applications import lapse_applications
from registry.kernel.errors import Reason, Refusal
from registry.model.application import OPEN
from tests.kit.clock import FakeClock
from tests.portal.test_review import decide, refused
from tests.portal.world import BY_NAME, TSINGHUA, Portal, Tab, filed


async def stage_of(portal: Portal, application: str) -> str:
    """Where it stands."""
    return str(await portal.runner.db.fetchval("select stage from application where id = $1", application))


async def step(tab: Tab, application: str, act: str, fields: dict[str, str] | None = None) -> None:
    """Look at the case, then send the form."""
    await tab.get(f"/portal/applications/{application}")
    await tab.post(f"/portal/applications/{application}/{act}", fields)


async def told(portal: Portal, recipient: str) -> list[str]:
    """Kinds of the notices that somebody got, in order."""
    rows = await portal.runner.db.fetch("select kind from notice where recipient = $1 order by id", recipient)
    return [row["kind"].removeprefix("application.") for row in rows]


async def age(runner: Runner, username: str) -> int:
    """Working days of the oldest application of somebody's queue."""
    person = BY_NAME[username]
    queue = await runner.read(Caller("person", username), lambda act: read_queue(act, person, OPEN))
    return queue.lines[0].days


async def test_a_correction_stops_the_clock_and_keeps_the_place(portal: Portal) -> None:
    """The reviewer names what is missing, the applicant answers, and the days between count for nobody; the case returns to the desk."""
    application = await filed(portal.runner, "central")
    await portal.clock.move(days=1)  # a Tuesday after a Monday
    before = await age(portal.runner, "reviewer-central")
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    await step(tab, application, "return", {"reason": "请补充批复文号"})
    assert tab.status == 400  # nothing was ticked
    await step(tab, application, "return", {"reason": "请补充批复文号", "asked-basis": "1"})
    assert await stage_of(portal, application) == "returned"
    await step(tab, application, "decision", {"move": "approve"})
    assert tab.status == 409
    assert "正待申请单位补正" in tab.text
    await portal.clock.move(days=7)
    assert await age(portal.runner, "reviewer-central") == before
    tab = await portal.as_("reviewer-central")
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    assert "名称依据" in agency.text
    assert "请补充批复文号" in agency.text
    await step(agency, application, "answer", {"text": "见中央编办批复〔2020〕1 号"})
    assert await stage_of(portal, application) == "submitted"
    assert await age(portal.runner, "reviewer-central") == before
    await tab.get("/portal/queue")
    assert "已补正" in tab.text
    await tab.get(f"/portal/applications/{application}")
    assert "见中央编办批复〔2020〕1 号" in tab.text
    await decide(portal.runner, "reviewer-central", application, "approve")
    assert await stage_of(portal, application) == "approved"
    assert await told(portal, TSINGHUA) == ["returned", "approved"]
    assert await told(portal, "central:000000") == ["answered"] or await told(portal, "central:100000") == ["answered"]


async def test_only_what_was_asked_is_corrected(portal: Portal) -> None:
    """The traditional spelling changes when it was asked for and not otherwise; an answer without a question is refused."""
    application = await filed(portal.runner, "central")
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    await step(agency, application, "answer", {"text": "补正"})
    assert agency.status == 409
    tab = await portal.as_("reviewer-central")
    for asked, expected in (("basis", ""), ("traditional", "清華")):
        await tab.get(f"/portal/applications/{application}")
        await step(tab, application, "return", {"reason": "请补正", f"asked-{asked}": "1"})
        await agency.get(f"/portal/applications/{application}")
        await step(agency, application, "answer", {"text": "补正", "traditional": "清華"})
        kept = await portal.runner.db.fetchval("select coalesce(request->>'traditional', '') from application")
        assert kept == expected


async def test_no_answer_in_time_closes_it(portal: Portal, clock: FakeClock) -> None:
    """After fifteen working days without an answer the application lapses, once; the body and the registrar are told; the name is free."""
    application = await filed(portal.runner, "central")
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    await step(tab, application, "return", {"reason": "请补正", "asked-other": "1"})
    await clock.move(days=14)
    assert await lapse_applications(portal.runner) == 0
    await clock.move(days=14)
    assert await lapse_applications(portal.runner) == 1
    assert await lapse_applications(portal.runner) == 0
    assert await stage_of(portal, application) == "lapsed"
    assert (await told(portal, TSINGHUA))[-1] == "lapsed"
    assert await portal.runner.db.fetchval("select count(*) from poll_message where kind = 'domain.pan'") == 1
    assert await filed(portal.runner, "central")


async def test_what_is_no_case_is_not_accepted(portal: Portal) -> None:
    """One reviewer does not accept it, with a reason that the body reads; after a first opinion that way is closed."""
    application = await filed(portal.runner, "county")
    tab = await portal.as_("reviewer-county")
    await tab.get(f"/portal/applications/{application}")
    await step(tab, application, "decline", {"reason": "不属于受理范围"})
    assert await stage_of(portal, application) == "declined"
    agency = await portal.as_("agency-county")
    await agency.get(f"/portal/applications/{application}")
    assert "不属于受理范围" in agency.text
    assert "申请复核" in agency.text
    another = await filed(portal.runner, "city")
    await decide(portal.runner, "reviewer-city", another, "approve", "简称通用")
    city = await portal.as_("reviewer-province")
    await city.get(f"/portal/applications/{another}")
    await step(city, another, "decline", {"reason": "不属于受理范围"})
    assert city.status == 409


async def test_an_appeal_is_decided_above(portal: Portal) -> None:
    """The body appeals once; those who refused, and their level, cannot decide it; a higher level gives the name after all."""
    application = await filed(portal.runner, "county")
    await decide(portal.runner, "reviewer-county", application, "refuse", "简称不当")
    await decide(portal.runner, "reviewer-county-2", application, "refuse", "简称不当")
    agency = await portal.as_("agency-county")
    await agency.get(f"/portal/applications/{application}")
    await step(agency, application, "appeal", {"reason": "该简称已通用二十年"})
    assert agency.status == 303
    appeal = agency.location.rpartition("/")[2]
    assert appeal != application
    assert await told(portal, "city:430121") == ["appealed"]
    await agency.get(f"/portal/applications/{application}")
    await step(agency, application, "appeal", {"reason": "再申请"})
    assert agency.status == 409
    for username in ("reviewer-county", "reviewer-county-2"):
        refusal = await refused(Reason.NOT_PERMITTED, portal.runner, username, appeal, "approve", "同意")
        assert "上一级" in refusal.text.zh
    await decide(portal.runner, "reviewer-city", appeal, "approve", "通用简称")
    await decide(portal.runner, "reviewer-province", appeal, "approve", "通用简称")
    assert await stage_of(portal, appeal) == "approved"
    assert await stage_of(portal, application) == "refused"
    assert await portal.runner.db.fetchval("select count(*) from domain") == 1


async def test_an_appeal_comes_in_time_or_not_at_all(portal: Portal) -> None:
    """Sixty days after the decision the way is closed; what was approved or withdrawn has nothing to appeal against."""
    application = await filed(portal.runner, "central")
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    await step(agency, application, "appeal", {"reason": "不服"})
    assert agency.status == 409
    await decide(portal.runner, "reviewer-central", application, "refuse", "易混淆")
    await portal.clock.move(days=61)
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    assert "/appeal" not in agency.text
    await step(agency, application, "appeal", {"reason": "不服"})
    assert agency.status == 403


async def test_a_case_lies_on_one_desk(portal: Portal) -> None:
    """A reviewer takes it, hands it to a colleague, who is told, and may put it back; nobody outside the reach gets it."""
    application = await filed(portal.runner, "county")
    tab = await portal.as_("reviewer-county")
    await tab.get(f"/portal/applications/{application}")
    assert "县级审核员乙" in tab.text
    await step(tab, application, "claim", {"to": ""})
    assert await portal.runner.db.fetchval("select claimed_by from application") == "person:reviewer-county"
    await step(tab, application, "claim", {"to": "abroad-county"})
    assert tab.status == 403
    await step(tab, application, "claim", {"to": "reviewer-county-2"})
    assert await told(portal, "reviewer-county-2") == ["claimed"]
    other = await portal.as_("reviewer-county-2")
    await other.get("/portal/queue")
    assert "本人受理" in other.text
    await other.get(f"/portal/applications/{application}")
    await step(other, application, "claim", {"to": "-"})
    assert await portal.runner.db.fetchval("select claimed_by from application") == ""


async def test_both_sides_talk_in_the_case(portal: Portal) -> None:
    """What one side writes the other reads, as text and not as markup, and is told of; an auditor writes nothing."""
    application = await filed(portal.runner, "central")
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    await agency.post(
        f"/portal/applications/{application}/message", {"text": "<script>alert(1)</script>请问何时办结？"}
    )
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    assert "&lt;script&gt;" in tab.text
    assert "<script>alert" not in tab.text
    await step(tab, application, "message", {"text": "本周内。"})
    assert (await told(portal, TSINGHUA))[-1] == "message"
    await step(tab, application, "message", {"text": "x" * 2001})
    assert tab.status in {400, 413, 422}
    assert await portal.runner.db.fetchval("select count(*) from application_message") == 2


async def test_a_name_that_cannot_be_created_leaves_its_trace(portal: Portal) -> None:
    """When the creation refuses at the approval, the case says that it failed and still waits."""
    application = await filed(portal.runner, "central")
    await portal.runner.db.execute("update body set status = 'abolished' where uscc = $1", TSINGHUA)
    with pytest.raises(Refusal) as refusal:
        await decide(portal.runner, "reviewer-central", application, "approve")
    assert refusal.value.reason is Reason.NAME_REFUSED
    steps = await portal.runner.db.fetch("select move from application_step")
    assert [row["move"] for row in steps] == ["fail"]
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    assert "开通失败" in tab.text


@pytest.mark.parametrize("path", ["return", "decline", "claim", "answer", "appeal", "message"])
async def test_settled_is_settled(portal: Portal, path: str) -> None:
    """An application that was withdrawn takes no further step; only a word about it may still be said."""
    application = await filed(portal.runner, "central")
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    await step(agency, application, "withdrawal")
    tab = agency if path in {"answer", "appeal", "message"} else await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    await step(tab, application, path, {"reason": "x", "text": "x", "asked-other": "1"})
    assert tab.status == (303 if path == "message" else 409)
    assert await stage_of(portal, application) == "withdrawn"
