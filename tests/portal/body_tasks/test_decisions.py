"""Who decides about the names of a body that changed, what may be decided, and what becomes of names and marks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from registry.flows.act import Caller
from registry.flows.body_task.override import OverrideDecision, override_decision
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.restore import RestoreDomain, restore_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.host.update import UpdateHost, update_host
from registry.jobs.body_task_clocks import run_clocks
from registry.jobs.retire_deleted import retire_deleted
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from tests.kit.clock import FakeClock
from tests.portal.body_tasks.bureau import (
    GONE,
    HEIR,
    HOST,
    LABEL,
    MERGED,
    NAME,
    NEW,
    OLD,
    OPERATOR,
    REGISTRAR,
    STRANGER,
    SUSPENDED,
    County,
    chosen,
)  # fmt: skip
from tests.portal.world import BY_NAME
from verifier.marks import store as marks
from verifier.marks.change import change_mark
from verifier.marks.states import MarkAct

SECOND_LABEL = "长沙县文化旅游局.政务"
SECOND = to_a(SECOND_LABEL)


async def refused(county: County, username: str, choice: str, reason: str = "理由") -> Reason:
    """Why a proposal is refused."""
    with pytest.raises(Refusal) as caught:
        await county.proposes(username, choice, reason)
    return caught.value.reason


async def test_only_who_is_in_charge_proposes(county: County, clock: FakeClock) -> None:
    """Reviewers abroad and agencies do not find the task, operators are no reviewers, a reason is needed; nothing is written."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    assert await refused(county, "abroad-county", "keep") is Reason.NOT_FOUND
    assert await refused(county, "agency-county", "keep") is Reason.NOT_FOUND
    assert await refused(county, "operator", "keep") is Reason.NOT_PERMITTED
    assert await refused(county, "reviewer-county", "keep", " ") is Reason.PARAMETER_MISSING
    assert await county.runner.db.fetchval("select proposed_by from body_task") == ""
    assert await county.runner.db.fetchval("select count(*) from notice where kind = 'body.task_proposed'") == 0


async def test_two_people_decide_and_the_second_sees_what_he_agrees_to(county: County, clock: FakeClock) -> None:
    """Nobody agrees to his own proposal, to none, to one that changed since, or from below; a settled task stays settled."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    with pytest.raises(Refusal) as caught:
        await county.approves("reviewer-county-2")
    assert caught.value.reason is Reason.STATUS_FORBIDS
    await county.proposes("reviewer-county", "retire")
    seen = (await county.runner.db.fetchval("select proposed_at from body_task")).isoformat()
    with pytest.raises(Refusal) as caught:
        await county.approves("reviewer-county")
    assert caught.value.reason is Reason.NOT_PERMITTED
    await clock.move(minutes=1)
    await county.proposes("reviewer-city", "keep")
    for username, what, reason in (
        ("reviewer-county-2", seen, Reason.STATUS_FORBIDS),
        ("reviewer-county-2", None, Reason.NOT_PERMITTED),
    ):
        with pytest.raises(Refusal) as caught:
            await county.approves(username, what)
        assert caught.value.reason is reason
    assert await county.runner.db.fetchval("select state from body_task") == "open"
    await county.approves("reviewer-province")
    assert await refused(county, "reviewer-county", "retire") is Reason.STATUS_FORBIDS
    assert (await county.told("county:430121")).count("body.task_proposed") == 2
    assert (await county.told("city:430121")).count("body.task_proposed") == 2


async def test_what_may_be_chosen_follows_from_the_body(county: County, clock: FakeClock) -> None:
    """A living body keeps or retires, a dead one never keeps, only a suspended one is held, only a living successor on file inherits."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW, STRANGER)
    for choice, reason in (
        ("hold", Reason.STATUS_FORBIDS),
        (f"follow:{STRANGER.uscc}", Reason.VALUE_INVALID),
        ("keep@2026-06-30", Reason.VALUE_OUT_OF_RANGE),
        ("keep@2036-06-30", Reason.VALUE_OUT_OF_RANGE),
    ):
        assert await refused(county, "reviewer-county", choice) is reason, choice
    with pytest.raises(Refusal) as caught:
        await county.proposes("reviewer-county", {})
    assert caught.value.reason is Reason.PARAMETER_MISSING
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await county.brings(HEIR, MERGED)
    assert await refused(county, "reviewer-county", "keep") is Reason.STATUS_FORBIDS
    await county.brings(replace(HEIR, status="abolished", changed_at=clock.now()))
    assert await refused(county, "reviewer-county", f"follow:{HEIR.uscc}") is Reason.VALUE_INVALID


@pytest.mark.parametrize("text", ["", "drop", "keep@soon", "keep@2026-13-01"])
def test_what_is_no_choice_is_refused(text: str) -> None:
    """An unknown word or a day that is none is a refusal, not a fault."""
    with pytest.raises(Refusal) as caught:
        chosen(text)
    assert caught.value.reason is Reason.VALUE_INVALID


async def test_a_name_that_the_successor_may_not_bear_is_lent_for_a_time(county: County, clock: FakeClock) -> None:
    """The water bureau cannot own the culture bureau's name by policy's leave: refused outright, kept as a former name until a day, then gone."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    water = replace(STRANGER, short_names=("长沙县水利局",))
    await county.brings(water, replace(OLD, status="merged", successor_uscc=water.uscc, changed_at=clock.now()))
    await county.runner.db.execute(
        "delete from body_succession"
    )  # on file as the successor only in the task: policy knows no family
    await county.runner.db.execute("update body set successor_uscc = ''")
    assert await refused(county, "reviewer-county", f"follow:{water.uscc}") is Reason.NAME_REFUSED
    await county.decides(f"follow:{water.uscc}@2026-12-31")
    assert await county.holder() == water.uscc
    await county.watches()
    lent = await marks.find_mark_of_host(county.runner.db, HOST)
    assert lent is not None
    assert (lent.uscc, lent.state) == (water.uscc, "valid")
    clock.set(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    await run_clocks(county.runner)
    assert await county.resolves()
    clock.set(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))  # midnight in Beijing
    assert await run_clocks(county.runner) == 1
    assert not await county.resolves()
    await county.watches()
    assert (await county.state_of(lent.id))[0] == "revoked"


async def test_a_body_that_is_gone_leaves_its_name_to_nobody(county: County, clock: FakeClock) -> None:
    """Told at once and a week before, then out of DNS, not restored by its registrar, then out of the register, and no other body gets it."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(GONE)
    await county.decides("retire")
    assert [one["payload"].get("choice") for one in await county.polls()] == [None, "retire"]
    await clock.move(days=22)
    assert await run_clocks(county.runner) == 0
    await clock.move(days=1)
    assert await run_clocks(county.runner) == 1
    assert await run_clocks(county.runner) == 0
    assert (await county.told(OLD.uscc))[-2:] == ["body.task_settled", "name.ending"]
    assert await county.resolves()
    await clock.move(days=7)
    assert await run_clocks(county.runner) == 1
    assert await run_clocks(county.runner) == 0
    assert not await county.resolves()
    assert (await county.told(OLD.uscc))[-1] == "name.retire"
    last = (await county.polls())[-1]
    assert (last["kind"], last["payload"]["operation"]) == ("domain.changed", "delete")
    with pytest.raises(Refusal) as caught:
        await county.runner.run(REGISTRAR, lambda act: restore_domain(act, RestoreDomain(NAME)))
    assert caught.value.reason is Reason.STATUS_FORBIDS
    await county.watches()
    assert await county.runner.db.fetchval("select state from verifier.mark") == "revoked"
    await clock.move(days=90)
    assert await retire_deleted(county.runner) == 1
    kept = await county.runner.db.fetchrow("select unicode, uscc from retired_name")
    assert kept is not None
    assert (kept["unicode"], kept["uscc"]) == (LABEL, OLD.uscc)
    with pytest.raises(Refusal) as caught:
        await county.runner.run(REGISTRAR, lambda act: create_domain(act, CreateDomain(NAME, 1, uscc=HEIR.uscc)))
    assert caught.value.reason is Reason.NAME_REFUSED


async def test_a_name_with_hosts_below_it_goes_dark_on_its_day_and_is_tried_again(
    county: County, clock: FakeClock
) -> None:
    """A host that keeps the name from being deleted does not keep it in DNS; desk and registrar hear of it once, and it ends when the host goes."""
    server = f"ns1.{NAME}"
    await county.runner.run(REGISTRAR, lambda act: create_host(act, CreateHost(server, (AddressText("192.0.2.1"),))))
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(GONE)
    await county.decides("retire")
    await clock.move(days=31)
    assert await run_clocks(county.runner) == 1
    assert not await county.resolves()
    assert await county.runner.db.fetchval("select deleted_at from domain") is None
    assert (await county.told("county:430121"))[-1] == "name.obstacle"
    await clock.move(days=1, minutes=1)
    await run_clocks(county.runner)
    assert (await county.told("registrar-a")).count("name.obstacle") == 1
    await county.runner.run(REGISTRAR, lambda act: update_host(act, UpdateHost(server, new_name="ns1.example.net")))
    await clock.move(days=1, minutes=1)
    await run_clocks(county.runner)
    assert await county.runner.db.fetchval("select deleted_at from domain") == clock.now()
    done = await county.runner.db.fetchrow("select done_at, outcome from body_step where choice = 'retire'")
    assert done is not None
    assert (done["done_at"], done["outcome"]) == (clock.now(), "")


async def test_a_suspended_body_has_its_names_back_when_it_is_back(county: County, clock: FakeClock) -> None:
    """A hold begins after ten days of notice, is told to holder and registrar, and ends by itself with the suspension; an own hold stays."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(SUSPENDED)
    await county.decides("hold")
    assert await county.resolves()
    await clock.move(days=3)
    await run_clocks(county.runner)
    await clock.move(days=7)
    assert await run_clocks(county.runner) == 1
    assert not await county.resolves()
    assert await county.runner.db.fetchval("select status_reasons from domain") != {}
    assert await run_clocks(county.runner) == 0
    await clock.move(days=30)
    await county.brings(replace(OLD, changed_at=clock.now()))
    assert await run_clocks(county.runner) == 1
    assert await county.resolves()
    assert await run_clocks(county.runner) == 0
    assert [kind for kind in await county.told(OLD.uscc) if kind.startswith("name.")] == [
        "name.ending", "name.hold", "name.release",
    ]  # fmt: skip
    assert [one["payload"]["operation"] for one in await county.polls() if one["kind"] == "domain.changed"] == [
        "update"
    ] * 2


async def test_a_body_that_is_back_before_the_day_is_never_held(county: County, clock: FakeClock) -> None:
    """The step of a hold finds the body alive and does nothing."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(SUSPENDED)
    await county.decides("hold")
    await clock.move(days=5)
    await county.brings(replace(OLD, changed_at=clock.now()))
    await clock.move(days=6)
    await run_clocks(county.runner)
    assert await county.resolves()
    assert "恢复" in await county.runner.db.fetchval("select outcome from body_step")


async def test_a_later_decision_takes_the_place_of_an_earlier_one(county: County, clock: FakeClock) -> None:
    """A former name kept until the end of the year follows the successor of September for good: the end of the year takes nothing away."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    await county.decides("keep@2026-12-31")
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await county.brings(HEIR, MERGED)
    await county.decides(f"follow:{HEIR.uscc}")
    clock.set(datetime(2027, 1, 2, tzinfo=UTC))
    await run_clocks(county.runner)
    assert await county.resolves()
    assert await county.holder() == HEIR.uscc


async def test_an_operator_decides_alone_with_a_reason(county: County, clock: FakeClock) -> None:
    """Nobody else does, and what he did without a second person stands in history and audit."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    await county.proposes("reviewer-county", "retire")
    for username, reason, expected in (
        ("reviewer-central", "无人可办", Reason.NOT_PERMITTED),
        ("operator", "", Reason.PARAMETER_MISSING),
    ):
        order = OverrideDecision(await county.task(), {NAME: chosen("keep")}, reason)
        person = BY_NAME[username]
        with pytest.raises(Refusal) as caught:
            await county.runner.run(Caller("person", username), lambda act: override_decision(act, person, order))  # noqa: B023  # run at once
        assert caught.value.reason is expected
    order = OverrideDecision(await county.task(), {NAME: chosen("keep")}, "该县审核员空缺")
    await county.runner.run(
        Caller("person", "operator"), lambda act: override_decision(act, BY_NAME["operator"], order)
    )
    task = await county.runner.db.fetchrow("select state, settled_by, proposed_by, decision from body_task")
    assert task is not None
    assert (task["state"], task["settled_by"], task["proposed_by"]) == ("settled", "person:operator", "")
    assert task["decision"]["override"]
    entry = await county.runner.db.fetchval("select actor from audit_entry where act = 'body.task_settled'")
    assert entry == "person:operator"


async def test_a_mark_that_was_revoked_stays_revoked(county: County, clock: FakeClock) -> None:
    """The successor's mark is issued once; when people revoke it, no round of the watch brings it back."""
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await county.brings(HEIR, replace(OLD, status="merged", successor_uscc=HEIR.uscc, changed_at=clock.now()))
    await county.decides(f"follow:{HEIR.uscc}")
    await county.watches()
    new = await marks.find_mark_of_host(county.runner.db, HOST)
    assert new is not None
    assert new.uscc == HEIR.uscc
    await change_mark(county.runner.db, new.id, MarkAct.REVOKE, "网站被篡改", "person:operator", clock)
    for _ in range(3):
        await clock.move(hours=1)
        await county.watches()
    assert await county.runner.db.fetchval("select count(*) from verifier.mark where state <> 'revoked'") == 0


async def test_a_mark_under_check_is_not_washed_clean(county: County, clock: FakeClock) -> None:
    """A mark that a person suspended ends with its body; the successor applies for one."""
    old = await county.runner.db.fetchval("select id from verifier.mark")
    await change_mark(county.runner.db, old, MarkAct.SUSPEND, "疑似被篡改", "person:operator", clock)
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await county.brings(HEIR, replace(OLD, status="merged", successor_uscc=HEIR.uscc, changed_at=clock.now()))
    await county.decides(f"follow:{HEIR.uscc}")
    await county.watches()
    await county.watches()
    assert (await county.state_of(old))[0] == "revoked"
    assert await county.runner.db.fetchval("select count(*) from verifier.mark") == 1


async def test_a_mark_of_two_names_follows_with_the_name_of_its_site(county: County, clock: FakeClock) -> None:
    """The hosts under the name that followed stand in the new mark, those under the name that retires do not."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    await county.decides("keep")
    await county.runner.run(REGISTRAR, lambda act: create_domain(act, CreateDomain(SECOND, 2, uscc=OLD.uscc)))
    first = await county.runner.db.fetchval("select id from verifier.mark")
    await change_mark(county.runner.db, first, MarkAct.REVOKE, "换发", "person:operator", clock)
    both = await county.marks(OLD.uscc, f"www.{SECOND}", HOST)
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await county.brings(HEIR, MERGED)
    await county.decides({NAME: chosen("retire"), SECOND: chosen(f"follow:{HEIR.uscc}")})
    await county.watches()
    assert (await county.state_of(both))[0] == "revoked"
    new = await marks.find_mark_of_host(county.runner.db, f"www.{SECOND}")
    assert new is not None
    assert (new.uscc, new.state, new.hosts) == (HEIR.uscc, "valid", (f"www.{SECOND}",))


async def test_an_operators_own_hold_outlives_the_suspension(county: County, clock: FakeClock) -> None:
    """A name that was on hold for another reason is not released by a body that is back."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    hold = UpdateDomain(NAME, add_statuses=("serverHold",), reason="安全事件")
    await county.runner.run(OPERATOR, lambda act: update_domain(act, hold))
    await county.brings(SUSPENDED)
    await county.decides("hold")
    await clock.move(days=11)
    await run_clocks(county.runner)
    await county.brings(replace(OLD, changed_at=clock.now()))
    await run_clocks(county.runner)
    assert not await county.resolves()
    assert await county.runner.db.fetchval("select status_reasons from domain") == {"serverHold": "安全事件"}
