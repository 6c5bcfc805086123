"""Reviewing: the queue, the card, opinions and decisions, conflicts, races."""

import asyncio
import json

import pytest

from registry.flows.act import Caller
from registry.flows.review.decide import DecideApplication, decide_application
from registry.flows.review.withdraw import WithdrawApplication, withdraw_application
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.application import Move, Stage
from registry.model.person import Person, Role
from tests.kit.clock import FakeClock
from tests.portal.world import ABROAD, BY_NAME, COUNTY, RIVAL, TSINGHUA, WISHES, Portal, code_of, filed


async def decide(
    runner: Runner, who: str | Person, application: str, move: str, reason: str = "", seen: Stage | None = None
) -> Stage:
    """One reviewer's step, without a browser."""
    person = BY_NAME[who] if isinstance(who, str) else who
    order = DecideApplication(application, Move(move), reason, seen)
    return await runner.run(Caller("person", person.username), lambda act: decide_application(act, person, order))


async def withdraw(runner: Runner, person: Person, application: str) -> None:
    """An agency takes its application back."""
    order = WithdrawApplication(application)
    await runner.run(Caller("person", person.username), lambda act: withdraw_application(act, person, order))


async def refused(reason: Reason, *args: object, **fields: object) -> Refusal:
    """The refusal of a step, with this reason; nothing was written."""
    runner: Runner = args[0]  # type: ignore[assignment]
    counted = "select (select count(*) from application_step) + (select count(*) from audit_entry) + (select count(*) from domain)"
    before = await runner.db.fetchval(counted)
    with pytest.raises(Refusal) as caught:
        await decide(*args, **fields)  # type: ignore[arg-type]
    assert caught.value.reason is reason, caught.value
    assert caught.value.text.zh
    assert await runner.db.fetchval(counted) == before
    return caught.value


async def test_two_reviewers_bring_a_name_into_the_register(portal: Portal) -> None:
    """The county's reviewer endorses, nothing is created; the city's decides, and the name is there by the flow that EPP uses."""
    application = await filed(portal.runner, "county", note="“长沙县文化”是多年通用的简称")
    first = await portal.as_("reviewer-county")
    await first.get("/portal/queue")
    assert WISHES["county"] in first.text
    await first.get(f"/portal/applications/{application}")
    for words in (
        "长沙县文化馆",
        "NAME.COMMON",
        "多年通用的简称",
        "张三",
        "0731-84011234",
        "一致",
        "两人审核",
        "本单位已有名称",
    ):
        assert words in first.text, words
    await first.post(f"/portal/applications/{application}/decision", {"move": "approve", "seen": "submitted"})
    assert (first.status, first.location) == (303, f"/portal/applications/{application}")
    assert await portal.runner.db.fetchval("select count(*) from domain") == 0
    await first.get(first.location)
    assert "须由另一名审核员办理" in first.text
    assert 'value="approve"' not in first.text

    second = await portal.as_("reviewer-city")
    await second.get("/portal/queue?view=second")
    assert application in second.text
    await second.get(f"/portal/applications/{application}")
    await second.post(
        f"/portal/applications/{application}/decision", {"move": "approve", "seen": "endorsed", "reason": "属实"}
    )
    assert second.status == 303, second.text
    row = await portal.runner.db.fetchrow("select * from domain")
    assert row
    assert (row["uscc"], row["registrar_id"]) == (code_of(COUNTY), "registrar-a")
    assert row["verification"]["application"] == application
    done = await portal.runner.db.fetchrow("select * from application")
    assert done
    assert (done["state"], done["stage"], done["decided_by"]) == ("approved", "approved", "person:reviewer-city")
    told = await portal.runner.db.fetchrow("select kind, payload from poll_message order by id desc limit 1")
    assert told
    assert (told["kind"], told["payload"]["is_approved"]) == ("domain.pan", True)
    steps = await portal.runner.db.fetch("select actor, role, from_stage, to_stage from application_step order by id")
    assert [tuple(step) for step in steps] == [
        ("person:reviewer-county", "reviewer-county", "submitted", "endorsed"),
        ("person:reviewer-city", "reviewer-city", "endorsed", "approved"),
    ]
    assert [one["actor"] for one in await portal.entries("application.approved")] == ["person:reviewer-city"]
    await second.get("/portal/queue")
    assert application not in second.text


async def test_the_centre_decides_alone_about_its_own(portal: Portal) -> None:
    """For a body of the centre the same level and the last are one: one reviewer's approval creates the name."""
    application = await filed(portal.runner, "central")
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    await tab.post(f"/portal/applications/{application}/decision", {"move": "approve", "seen": "submitted"})
    assert tab.status == 303
    assert await portal.runner.db.fetchval("select uscc from domain") == TSINGHUA


async def test_a_refusal_is_told_with_its_reason(portal: Portal) -> None:
    """Without a reason the form comes back with what is missing; with one the applicant reads it, and the name is free again."""
    application = await filed(portal.runner, "central")
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    await tab.post(f"/portal/applications/{application}/decision", {"move": "refuse", "reason": "  "})
    assert tab.status == 400
    assert "驳回须写明理由" in tab.text
    await tab.post(
        f"/portal/applications/{application}/decision", {"move": "refuse", "reason": "简称易生误解，请用全称"}
    )
    assert tab.status == 303
    agency = await portal.as_("agency")
    await agency.get(f"/portal/applications/{application}")
    assert "简称易生误解，请用全称" in agency.text
    assert "reviewer-central" not in agency.text
    assert await filed(portal.runner, "central") != application


async def test_nobody_follows_his_own_opinion(country: Runner) -> None:
    """The second is another person, of a level not below the first's; the database says so too."""
    application = await filed(country, "county")
    assert await decide(country, "reviewer-city", application, "approve") is Stage.ENDORSED
    await refused(Reason.NOT_PERMITTED, country, "reviewer-city", application, "approve")
    await refused(Reason.NOT_PERMITTED, country, "reviewer-city", application, "refuse", "x")
    await refused(Reason.NOT_PERMITTED, country, "reviewer-county", application, "approve")
    with pytest.raises(Exception, match="application_two_people"):
        await country.db.execute(
            "update application set state = 'approved', stage = 'approved', decided_by = 'person:reviewer-city'"
        )
    assert await decide(country, "reviewer-province", application, "approve") is Stage.APPROVED


async def test_a_colleague_may_be_the_second(country: Runner) -> None:
    """Two reviewers of one county are two people; a refusal by both closes."""
    application = await filed(country, "county")
    assert await decide(country, "reviewer-county", application, "refuse", "无依据") is Stage.OBJECTED
    await refused(Reason.PARAMETER_MISSING, country, "reviewer-county-2", application, "approve")
    assert await decide(country, "reviewer-county-2", application, "refuse", "同意初审") is Stage.REFUSED
    await refused(Reason.STATUS_FORBIDS, country, "reviewer-city", application, "approve")


async def test_a_disputed_refusal_needs_two_for_the_approval(country: Runner) -> None:
    """Who disagrees with a refusal gives an opinion of his own; the approval then has two people behind it."""
    application = await filed(country, "county")
    await decide(country, "reviewer-county", application, "refuse", "无依据")
    assert await decide(country, "reviewer-city", application, "approve", "有文件依据") is Stage.ENDORSED
    assert await country.db.fetchval("select count(*) from domain") == 0
    await refused(Reason.NOT_PERMITTED, country, "reviewer-city", application, "approve")
    assert await decide(country, "reviewer-province", application, "approve") is Stage.APPROVED


async def test_a_conflict_of_interest_excludes(country: Runner) -> None:
    """Nobody decides for his own body, against a rival of his own body, or on what he filed himself."""
    application = await filed(country, "county")
    own = Person("insider", Role.REVIEWER_COUNTY, "430121", code_of(COUNTY))
    await refused(Reason.NOT_PERMITTED, country, own, application, "approve")
    rival = Person("insider", Role.REVIEWER_CITY, "430100", code_of(RIVAL))
    await filed(country, "agency-rival", WISHES["county"])
    await refused(Reason.NOT_PERMITTED, country, rival, application, "refuse", "x")
    self_filed = Person("agency-county", Role.REVIEWER_CITY, "430100")
    await refused(Reason.NOT_PERMITTED, country, self_filed, application, "approve", "x")
    for role in (Role.OPERATOR, Role.AUDITOR, Role.AGENCY, Role.SECURITY_OFFICER):
        await refused(Reason.NOT_PERMITTED, country, Person("x", role, "", code_of(COUNTY)), application, "approve")


async def test_who_looked_at_another_stage_looks_again(country: Runner) -> None:
    """A reviewer who meant to give the first opinion does not decide by accident because a colleague was quicker."""
    application = await filed(country, "county")
    await decide(country, "reviewer-county", application, "approve", seen=Stage.SUBMITTED)
    await refused(Reason.STATUS_FORBIDS, country, "reviewer-county-2", application, "approve", seen=Stage.SUBMITTED)
    assert await country.db.fetchval("select stage from application") == "endorsed"


async def test_two_bodies_that_want_one_name_meet(portal: Portal) -> None:
    """The reviewer sees both, must give a reason to prefer one, and the other cannot be approved after it."""
    mine = await filed(portal.runner, "county")
    other = await filed(portal.runner, "agency-rival", WISHES["county"])
    agency = await portal.as_("agency-rival")
    await agency.get(f"/portal/applications/{other}")
    assert "另有 1 件申请" in agency.text
    assert "另一单位对同一名称的申请" in agency.text
    assert mine not in agency.text
    assert "长沙县文化馆" not in agency.text
    tab = await portal.as_("reviewer-county")
    await tab.get(f"/portal/applications/{mine}")
    assert other in tab.text
    assert "本单位对该名称的申请正在审核" not in tab.text
    assert "长沙县文化中心" in tab.text
    await tab.post(f"/portal/applications/{mine}/decision", {"move": "approve", "reason": "职能相符"})
    assert tab.status == 409
    assert "请在争议页面一并审定" in tab.text
    page = f"/portal/applications/{mine}/dispute"
    await tab.get(page)
    assert "长沙县文化馆" in tab.text
    assert "长沙县文化中心" in tab.text
    await tab.post(page, {"winner": mine})
    assert tab.status == 400
    await tab.post(page, {"winner": mine, "reason": "职能相符", "seen": f"{mine} {other}"})
    assert tab.status == 303
    await tab.get(page)
    await tab.post(page, {"winner": mine, "reason": "职能相符"})
    assert tab.status == 403  # his own opinion
    second = await portal.as_("reviewer-city")
    await second.get(page)
    await second.post(page, {"winner": mine, "reason": "职能相符", "seen": mine})
    assert second.status == 409  # he did not see both sides
    await second.post(page, {"winner": mine, "reason": "职能相符", "seen": f"{mine} {other}"})
    assert second.status == 303
    stages = {row["id"]: row["stage"] for row in await portal.runner.db.fetch("select id, stage from application")}
    assert stages == {mine: "approved", other: "refused"}
    holder = await portal.runner.db.fetchval("select uscc from domain")
    assert holder == code_of(COUNTY)
    told = await portal.runner.db.fetch("select recipient, kind from notice order by id")
    assert {(row["recipient"], row["kind"]) for row in told} >= {
        (code_of(COUNTY), "application.rival"),
        (code_of(RIVAL), "application.rival"),
        (code_of(COUNTY), "application.approved"),
        (code_of(RIVAL), "application.refused"),
    }


async def test_a_second_reviewer_of_another_mind_begins_anew(portal: Portal) -> None:
    """Who would give the name to the other side gives a first opinion of his own, and nothing is decided until two agree."""
    mine = await filed(portal.runner, "county")
    other = await filed(portal.runner, "agency-rival", WISHES["county"])
    for username, winner in (("reviewer-county", mine), ("reviewer-city", other)):
        tab = await portal.as_(username)
        await tab.get(f"/portal/applications/{mine}/dispute")
        await tab.post(f"/portal/applications/{mine}/dispute", {"winner": winner, "reason": "理由"})
        assert tab.status == 303
        assert await portal.runner.db.fetchval("select count(*) from domain") == 0
    stages = {row["id"]: row["stage"] for row in await portal.runner.db.fetch("select id, stage from application")}
    assert stages == {mine: "objected", other: "endorsed"}
    abroad = await portal.as_("abroad-county")
    await abroad.get(f"/portal/applications/{mine}/dispute")
    assert abroad.status == 404


async def test_an_approval_is_judged_once_more(portal: Portal) -> None:
    """When the body was abolished meanwhile, the approval says so in words, nothing is written, and the card shows what is new."""
    application = await filed(portal.runner, "central")
    await portal.runner.db.execute("update body set status = 'abolished' where uscc = $1", TSINGHUA)
    tab = await portal.as_("reviewer-central")
    await tab.get(f"/portal/applications/{application}")
    assert "HOLDER.INACTIVE" in tab.text
    assert "现在新出现" in tab.text
    await tab.post(f"/portal/applications/{application}/decision", {"move": "approve"})
    assert tab.status == 422
    assert 'role="alert"' in tab.text
    assert await portal.runner.db.fetchval("select stage from application") == "submitted"
    assert await portal.runner.db.fetchval("select count(*) from domain") == 0


@pytest.mark.parametrize("level", ["central", "county"])
async def test_approval_and_withdrawal_never_both_happen(country: Runner, level: str) -> None:
    """Of a withdrawal and an approval at the same moment one wins: either the name exists, or the application was withdrawn."""
    person = BY_NAME["agency" if level == "central" else "agency-county"]
    outcomes = set()
    for _ in range(6):
        application = await filed(country, level)
        second = "reviewer-central"
        if level == "county":
            await decide(country, "reviewer-county", application, "approve")
        approval = decide(country, second, application, "approve")
        withdrawal = withdraw(country, person, application)
        both = await asyncio.gather(approval, withdrawal, return_exceptions=True)
        lost = [one for one in both if isinstance(one, Refusal)]
        assert len(lost) == 1, both
        assert lost[0].reason is Reason.STATUS_FORBIDS
        stage = await country.db.fetchval("select stage from application where id = $1", application)
        assert (await country.db.fetchval("select count(*) from domain") == 1) == (stage == "approved")
        outcomes.add(stage)
        for table in ("bundle_name", "domain"):
            await country.db.execute(f"delete from {table}")
    assert outcomes <= {"approved", "withdrawn"}


async def test_many_second_reviewers_decide_once(country: Runner) -> None:
    """Several reviewers press the button at once: one decision, one name, one message."""
    application = await filed(country, "county")
    await decide(country, "reviewer-county", application, "approve")
    people = ["reviewer-city", "reviewer-province", "reviewer-central", "reviewer-county-2"]
    answers = await asyncio.gather(
        *(decide(country, who, application, "approve") for who in people), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in answers) == ["Refusal"] * 3 + ["Stage"]
    assert await country.db.fetchval("select count(*) from domain") == 1
    assert await country.db.fetchval("select count(*) from poll_message") == 1


async def test_steps_are_never_changed(country: Runner) -> None:
    """What a person did with an application stays as it was written."""
    application = await filed(country, "county")
    await decide(country, "reviewer-county", application, "approve")
    for statement in ("update application_step set actor = 'x'", "delete from application_step"):
        with pytest.raises(Exception, match="append-only"):
            await country.db.execute(statement)


async def test_the_queue_is_the_oldest_first_and_says_how_old(portal: Portal, clock: FakeClock) -> None:
    """Working days, the term that is over, pages that never skip or repeat, counts of the whole jurisdiction."""
    old = await filed(portal.runner, "central")
    await clock.move(days=10)
    await portal.runner.db.execute(
        "insert into application (id, kind, state, name, tld, uscc, region, request, created_at) "
        "select 'N' || n, 'verification', 'submitted', '单位' || n, '', 'X', '430121', '{}', $1 from generate_series(1, 120) n",
        clock.now(),
    )
    tab = await portal.as_("reviewer-central")
    await tab.get("/portal/queue")
    assert tab.text.index(old) < tab.text.index("/portal/applications/N1")
    assert "超期" in tab.text
    seen: list[str] = []
    path = "/portal/queue"
    for _ in range(5):
        await tab.get(path)
        seen += [part.partition('"')[0] for part in tab.text.split('href="/portal/applications/')[1:]]
        following = [
            part.partition('"')[0] for part in tab.text.split('href="')[1:] if "after=" in part.partition('"')[0]
        ]
        if not following:
            break
        path = following[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 121
    assert "全部" in tab.text
    for strange in ("x", "2026-01-01_", "9999-99-99T00:00:00+00:00_A", "%00", "2026-06-01T00:00:00_A"):
        assert (await tab.get(f"/portal/queue?after={strange}&view=zzz")).status == 200


async def test_a_verification_is_decided_in_the_same_queue(portal: Portal) -> None:
    """An application for a verification code leads to the code when two reviewers agree."""
    from registry.flows.verification.issue import IssueVerification, Waiting, issue_verification

    order = IssueVerification("domain", code_of(ABROAD), WISHES["abroad"], mapped=True)
    waiting = await portal.runner.run(Caller("registrar", "registrar-a"), lambda act: issue_verification(act, order))
    assert isinstance(waiting, Waiting)
    tab = await portal.as_("abroad-county")
    await tab.get(f"/portal/applications/{waiting.application_id}")
    assert "核验" in tab.text
    await tab.post(f"/portal/applications/{waiting.application_id}/decision", {"move": "approve"})
    assert tab.status == 303
    assert await decide(portal.runner, "abroad-city", waiting.application_id, "approve") is Stage.APPROVED
    assert await portal.runner.db.fetchval("select count(*) from verification_code") == 1
    detail = json.loads((await portal.entries("application.endorsed"))[0]["detail"])
    assert detail["kind"] == "verification"


async def test_the_traditional_spelling_is_chosen_by_applicant_and_reviewer(portal: Portal) -> None:
    """Both forms take it; a spelling outside the table is refused beside the form and nothing is written, an allowed one is stored."""
    agency = await (await portal.as_("agency-county")).get("/portal/apply")
    wish = {"name": WISHES["county"], "tld": "公益", "step": "file"}
    await agency.post("/portal/apply", {**wish, "traditional": "长沙縣文化"})
    assert agency.status == 422
    assert "规范繁体写法" in agency.text
    assert "长沙縣文化" in agency.text
    assert await portal.runner.db.fetchval("select count(*) from application") == 0
    await agency.post("/portal/apply", {**wish, "traditional": "長沙縣文化"})
    assert agency.status == 303
    page = agency.location
    county, city = await portal.as_("reviewer-county"), await portal.as_("reviewer-city")
    await county.get(page)
    assert "長沙縣文化" in county.text
    await county.post(f"{page}/decision", {"move": "approve", "seen": "submitted"})
    await city.get(page)
    await city.post(f"{page}/decision", {"move": "approve", "seen": "endorsed", "traditional": "長沙縣文话"})
    assert city.status == 422
    assert await portal.runner.db.fetchval("select count(*) from domain") == 0
    await city.get(page)
    await city.post(f"{page}/decision", {"move": "approve", "seen": "endorsed", "traditional": "長沙縣文化"})
    assert city.status == 303
    spelled = await portal.runner.db.fetchval("select unicode from bundle_name where role = 'traditional'")
    assert spelled.startswith("長沙縣文化.")
