"""A body changes, and its names, marks and WHOIS follow by the decision of two people: dated stories of a county."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.establishment.exporting import write_bodies
from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.body_task.decide import KEEP, RETIRE, DecideTask, decide_task
from registry.flows.delegation.set_servers import Server, SetServers, set_servers
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.poll.request import PollRequest, poll_request
from registry.flows.runner import Runner
from registry.jobs.body_task_clocks import run_clocks
from registry.jobs.retire_deleted import retire_deleted
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from registry.model.body import Body
from registry.policy.codes import compose
from resolver.following.source import some_delegations
from tests.kit.clock import FakeClock
from tests.portal.world import BY_NAME, Portal
from verifier.checks.txt import DnsTxt
from verifier.marks import store as marks
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.states import MarkState
from verifier.monitor.standing import suspend_fallen
from verifier.monitor.succession import follow_names
from whois.lookup import look_up
from whois.query import read_line

REGISTRAR = Caller("registrar", "registrar-a")
OLD = Body(
    uscc=compose("11", "430121", "00000301"), name="长沙县文化局", kind="11", administrative=True, region="430121", level="county",
    changed_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
)  # fmt: skip
NEW = replace(OLD, name="长沙县文化旅游局", status="renamed", changed_at=datetime(2026, 6, 2, 2, tzinfo=UTC))
HEIR = replace(
    OLD,
    uscc=compose("11", "430121", "00000302"),
    name="长沙县文化旅游体育局",
    changed_at=datetime(2026, 9, 1, 2, tzinfo=UTC),
)
MERGED = replace(NEW, status="merged", successor_uscc=HEIR.uscc, changed_at=datetime(2026, 9, 1, 3, tzinfo=UTC))
NAME = to_a("长沙县文化局.政务")


async def bring(runner: Runner, *bodies: Body) -> None:
    """What the establishment database says from now on."""
    path: Path = runner.config.data / "change.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bodies(path, bodies)
    report = await import_file(runner.db, path, snapshot=False, actor="job:test", clock=runner.clock)
    assert not report.rejected, report


async def settled(runner: Runner, username: str, choice: str, reason: str = "经研究同意") -> bool:
    """A reviewer speaks about the newest task; whether that decided it."""
    person = BY_NAME[username]
    number = await runner.db.fetchval("select max(id) from body_task")
    order = DecideTask(number, {NAME: choice}, reason)
    return await runner.run(Caller("person", username), lambda act: decide_task(act, person, order))


async def resolves(runner: Runner) -> bool:
    """Whether the name stands in the zone, asked as the resolver asks."""
    async with runner.db.transaction() as conn:
        return NAME in await some_delegations(conn, [NAME])


async def whois(runner: Runner) -> str:
    """What port 43 says of it."""
    return (await look_up(runner.db, runner.clock, read_line("长沙县文化局.政务".encode()))).decode()


async def told(runner: Runner, recipient: str) -> list[str]:
    """Kinds of the notices that somebody got, in order."""
    rows = await runner.db.fetch("select kind from notice where recipient = $1 order by id", recipient)
    return [row["kind"] for row in rows]


async def watched(runner: Runner) -> None:
    """The monitor's round."""
    await follow_names(runner.db, runner.clock, runner.config, DnsTxt())
    await suspend_fallen(runner.db, runner.clock)


@pytest.fixture
async def bureau(country: Runner, clock: FakeClock) -> Runner:
    """A county's bureau with a name that resolves and a mark on its site, in the first days of 2026."""
    clock.set(datetime(2026, 1, 6, 2, tzinfo=UTC))
    await bring(country, OLD)
    await country.run(REGISTRAR, lambda act: create_domain(act, CreateDomain(NAME, 2, uscc=OLD.uscc)))
    servers = SetServers(NAME, (Server("ns1.example.cn"),))
    await country.run(REGISTRAR, lambda act: set_servers(act, servers))
    order = MarkOrder(OLD.uscc, f"https://www.{NAME}/", attested="窗口核验")
    await issue_mark(country.db, order, clock, country.config, DnsTxt())
    return country


async def test_a_county_bureau_is_renamed_and_then_merged(bureau: Runner, clock: FakeClock) -> None:
    """Its name, its mark and its WHOIS follow, with every notice, task, poll message and audit entry in place, and DNS never blinks."""
    # 2 June: renamed. The register knows at once; name, mark and DNS stay until people decide.
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await bring(bureau, NEW)
    await watched(bureau)
    assert await told(bureau, OLD.uscc) == ["body.renamed"]
    assert await told(bureau, "county:430121") == ["body.renamed"]
    assert await resolves(bureau)
    assert "长沙县文化旅游局" in await whois(bureau)
    first = await bureau.run(REGISTRAR, lambda act: poll_request(act, PollRequest()))
    assert "更名" in str(first)
    # 5 June: the name is kept, by two people.
    clock.set(datetime(2026, 6, 5, 2, tzinfo=UTC))
    assert not await settled(bureau, "reviewer-county", KEEP)
    with pytest.raises(Refusal) as refused:
        await settled(bureau, "reviewer-county", KEEP)
    assert refused.value.reason is Reason.NOT_PERMITTED
    assert await settled(bureau, "reviewer-county-2", KEEP)
    assert (await told(bureau, OLD.uscc))[-1] == "body.task_settled"
    assert await bureau.db.fetchval("select uscc from domain") == OLD.uscc

    # 1 September: merged into a new bureau. The mark of a body that is gone falls; the name goes on resolving.
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await bring(bureau, HEIR, MERGED)
    await watched(bureau)
    (before,) = await bureau.db.fetch("select id, state from verifier.mark")
    assert before["state"] == "suspended"
    assert await resolves(bureau)
    assert await told(bureau, HEIR.uscc) == ["body.merged"]
    # Late September: nobody has decided; the desk is reminded in the last week, and the city hears of it when the term is over.
    for day, expected in ((23, 0), (24, 1), (25, 0), (28, 1)):
        clock.set(datetime(2026, 9, day, 2, tzinfo=UTC))
        assert await run_clocks(bureau) == expected, day
        assert await run_clocks(bureau) == 0
    clock.set(datetime(2026, 10, 2, 2, tzinfo=UTC))
    assert await run_clocks(bureau) == 1
    assert await told(bureau, "city:430121") == ["body.task_overdue"]
    # 9 October: it follows, by two people; the successor may bear its predecessor's name (NAME-POLICY).
    clock.set(datetime(2026, 10, 9, 2, tzinfo=UTC))
    assert not await settled(bureau, "reviewer-county", HEIR.uscc, "承继全部职能")
    assert await settled(bureau, "reviewer-city", HEIR.uscc, "同意")
    assert await bureau.db.fetchval("select uscc from domain") == HEIR.uscc
    assert await resolves(bureau)
    answer = await whois(bureau)
    assert "长沙县文化旅游体育局" in answer
    assert HEIR.uscc in answer
    # The mark follows the name: the old one ends, the successor has its own for the same site.
    await watched(bureau)
    await watched(bureau)
    old = await marks.find_mark(bureau.db, before["id"])
    new = await marks.find_mark_of_host(bureau.db, f"www.{NAME}")
    assert old is not None
    assert new is not None
    assert old.state is MarkState.REVOKED
    assert (new.uscc, new.state) == (HEIR.uscc, MarkState.VALID)
    assert await bureau.db.fetchval("select count(*) from verifier.mark") == 2
    # Everything is written down.
    polls = await bureau.db.fetch("select kind, payload from poll_message order by id")
    assert [row["kind"] for row in polls] == ["notice", "notice", "domain.changed"]
    assert polls[-1]["payload"]["operation"] == "update"
    history = await bureau.db.fetchval(
        "select snapshot from history where act = 'domain.updated' order by id desc limit 1"
    )
    assert history["holder_before"] == OLD.uscc
    acts = [
        row["act"]
        for row in await bureau.db.fetch("select act from audit_entry where act like 'body.task%' order by id")
    ]
    assert acts == ["body.task_proposed", "body.task_settled"] * 2
    assert (await told(bureau, HEIR.uscc))[-1] == "body.task_settled"
    assert await bureau.db.fetchval("select count(*) from body_task where state = 'open'") == 0


async def test_a_body_that_is_gone_leaves_its_name_to_nobody(bureau: Runner, clock: FakeClock) -> None:
    """Retired by two people: told a month before, then out of DNS, then out of the register, and no other body gets it."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await bring(bureau, replace(OLD, status="abolished", changed_at=datetime(2026, 6, 2, 2, tzinfo=UTC)))
    assert not await settled(bureau, "reviewer-county", RETIRE)
    assert await settled(bureau, "reviewer-county-2", RETIRE)
    assert await resolves(bureau)
    await clock.move(days=29)
    assert await run_clocks(bureau) == 0
    assert await resolves(bureau)
    await clock.move(days=1)
    assert await run_clocks(bureau) == 1
    assert not await resolves(bureau)
    await clock.move(days=90)
    assert await retire_deleted(bureau) == 1
    kept = await bureau.db.fetchrow("select unicode, uscc from retired_name")
    assert kept is not None
    assert (kept["unicode"], kept["uscc"]) == ("长沙县文化局.政务", OLD.uscc)
    with pytest.raises(Refusal) as refused:
        await bureau.run(REGISTRAR, lambda act: create_domain(act, CreateDomain(NAME, 1, uscc=HEIR.uscc)))
    assert refused.value.reason is Reason.NAME_REFUSED


async def test_only_who_is_in_charge_decides(bureau: Runner, clock: FakeClock) -> None:
    """Reviewers abroad and agencies do not find the task; a choice that names no living successor is refused; nothing is written."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await bring(bureau, NEW)
    for username, choice, reason in (
        ("abroad-county", KEEP, Reason.NOT_FOUND),
        ("agency-county", KEEP, Reason.NOT_FOUND),
        ("operator", KEEP, Reason.NOT_PERMITTED),
        ("reviewer-county", "", Reason.VALUE_INVALID),
        ("reviewer-county", HEIR.uscc, Reason.VALUE_INVALID),
    ):
        with pytest.raises(Refusal) as refused:
            await settled(bureau, username, choice)
        assert refused.value.reason is reason, username
    with pytest.raises(Refusal) as refused:
        await settled(bureau, "reviewer-county", KEEP, " ")
    assert refused.value.reason is Reason.PARAMETER_MISSING
    assert await bureau.db.fetchval("select proposed_by from body_task") == ""


async def test_the_pages_show_the_task_and_take_the_decision(bureau: Runner, portal: Portal, clock: FakeClock) -> None:
    """List and card name everything that is touched; the form decides in two steps; who is not in charge is told that it is not there."""
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await bring(bureau, HEIR, MERGED)
    number = await bureau.db.fetchval("select id from body_task")
    tab = await portal.as_("reviewer-county")
    await tab.get("/portal/body-tasks")
    assert f"/portal/body-tasks/{number}" in tab.text
    page = f"/portal/body-tasks/{number}"
    await tab.get(page)
    assert "长沙县文化旅游体育局" in tab.text
    assert "长沙县文化局.政务" in tab.text
    await tab.post(page, {f"choice-{NAME}": HEIR.uscc})
    assert tab.status == 400
    await tab.post(page, {f"choice-{NAME}": HEIR.uscc, "reason": "承继全部职能"})
    assert tab.status == 303
    second = await portal.as_("reviewer-city")
    await second.get(page)
    assert "承继全部职能" in second.text
    await second.post(page, {f"choice-{NAME}": HEIR.uscc, "reason": "同意"})
    assert second.status == 303
    await second.get(page)
    assert "已决定" in second.text
    foreign = await portal.as_("abroad-county")
    await foreign.get(page)
    assert foreign.status == 404
