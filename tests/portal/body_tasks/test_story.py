"""A year of a county bureau: renamed in June, merged in September; what everybody was told, and what the world saw, day by day."""

from datetime import UTC, datetime

from registry.audit.sequencer import seal_once
from registry.audit.verify import verify_chain
from registry.flows.poll.request import PollRequest, poll_request
from registry.jobs.body_task_clocks import run_clocks
from tests.kit.clock import FakeClock
from tests.portal.body_tasks.bureau import HEIR, HOST, LABEL, MERGED, NAME, NEW, OLD, REGISTRAR, County
from tests.portal.body_tasks.doors import outside
from verifier.marks import store as marks
from verifier.marks.states import MarkState


async def test_a_county_bureau_is_renamed_and_then_merged(county: County, clock: FakeClock) -> None:
    """Its name, its mark and its WHOIS follow, with every notice, task, poll message and audit entry in place, and DNS never blinks."""
    db = county.runner.db
    old_mark = await db.fetchval("select id from verifier.mark")
    async with outside(county.runner) as world:
        assert await world.sees(NAME, delegated=True)

        # 2 June: renamed. The register knows at once; name, mark and DNS stay until people decide.
        clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
        await county.brings(NEW)
        await county.watches()
        assert await county.told(OLD.uscc) == ["body.renamed"]
        assert await county.told("county:430121") == ["body.renamed"]
        first = await county.runner.run(REGISTRAR, lambda act: poll_request(act, PollRequest()))
        assert "更名" in str(first)
        assert await world.delegated(NAME)
        answer = await world.whois(LABEL)
        assert "Registrant Name: 长沙县文化旅游局" in answer
        assert "Registrant Former Name: 长沙县文化局" in answer
        mark = await marks.find_mark(db, old_mark)
        assert mark is not None
        assert (mark.state, mark.body_name) == (MarkState.VALID, "长沙县文化旅游局")
        # 5 June: the name is kept, by two people.
        clock.set(datetime(2026, 6, 5, 2, tzinfo=UTC))
        await county.decides("keep")
        assert (await county.told(OLD.uscc))[-1] == "body.task_settled"
        assert await county.holder() == OLD.uscc

        # 1 September: merged into a new bureau. The mark of a body that is gone falls; the name goes on resolving.
        clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
        await county.brings(HEIR, MERGED)
        await county.watches()
        assert (await county.state_of(old_mark))[0] == "suspended"
        assert await county.told(HEIR.uscc) == ["body.merged"]
        assert "Registrant Successor USCC: " + HEIR.uscc in await world.whois(LABEL)
        assert await world.delegated(NAME)
        # Late September: nobody has decided; the desk is reminded in the last week, then the city hears of it, then the province.
        for day, expected in ((23, 0), (24, 1), (25, 0), (28, 1), (30, 1)):
            clock.set(datetime(2026, 9, day, 2, tzinfo=UTC))
            assert await run_clocks(county.runner) == expected, day
            assert await run_clocks(county.runner) == 0
        clock.set(datetime(2026, 10, 2, 2, tzinfo=UTC))
        assert await run_clocks(county.runner) == 1
        assert await county.told("city:430121") == ["body.task_proposed", "body.task_overdue"]
        assert await county.told("province:430121") == []
        clock.set(datetime(2026, 10, 9, 2, tzinfo=UTC))
        assert await run_clocks(county.runner) == 1
        assert await county.told("province:430121") == ["body.task_overdue"]
        assert await world.delegated(NAME)
        # 9 October: it follows, by two people; the successor may bear its predecessor's name (NAME-POLICY).
        await county.proposes("reviewer-county", f"follow:{HEIR.uscc}", "承继全部职能")
        assert await county.holder() == OLD.uscc
        await county.approves("reviewer-city")
        assert await county.holder() == HEIR.uscc
        assert await world.delegated(NAME)
        answer = await world.whois(LABEL)
        assert "Registrant Name: 长沙县文化旅游体育局" in answer
        assert f"Registrant USCC: {HEIR.uscc}" in answer
        assert f"Previous Registrant: 长沙县文化旅游局 {OLD.uscc}" in answer
        assert "Previous Registrant Until: 2026-10-09T02:00:00Z" in answer
        status, shown = await world.rdap(NAME)
        registrant = next(one for one in shown["entities"] if "registrant" in one["roles"])
        assert (status, registrant["publicIds"][0]["identifier"]) == (200, HEIR.uscc)
        assert f"长沙县文化旅游局 {OLD.uscc} 2026-10-09T02:00:00Z" in [
            line for remark in shown["remarks"] for line in remark["description"]
        ]

        # The mark follows the name: the old one ends, the successor has its own for the same site.
        await county.watches()
        await county.watches()
        assert (await county.state_of(old_mark))[0] == "revoked"
        new = await marks.find_mark_of_host(db, HOST)
        assert new is not None
        assert (new.uscc, new.state, new.body_name) == (HEIR.uscc, MarkState.VALID, HEIR.name)
        assert await db.fetchval("select count(*) from verifier.mark") == 2
        assert await world.delegated(NAME)
    await _everything_is_written_down(county)


async def _everything_is_written_down(county: County) -> None:
    db = county.runner.db
    polls = await county.polls()
    assert [one["kind"] for one in polls] == ["notice", "notice", "domain.changed"]
    assert (polls[-1]["payload"]["operation"], polls[-1]["payload"]["who"]) == ("update", "person:reviewer-city")
    snapshot = await db.fetchval("select snapshot from history where act = 'domain.updated' order by id desc limit 1")
    assert (snapshot["holder_before"], snapshot["uscc"]) == (OLD.uscc, HEIR.uscc)
    entries = await db.fetch(
        "select act, actor from audit_entry where act like 'body.task%' or act like 'mark.%' or act = 'domain.updated' order by id"
    )
    assert [(row["act"], row["actor"]) for row in entries] == [
        ("domain.updated", "registrar:registrar-a"),
        ("mark.issued", "person:operator"),
        ("body.task_proposed", "person:reviewer-county"),
        ("body.task_settled", "person:reviewer-county-2"),
        ("mark.suspended", "monitor:standing"),
        ("body.task_proposed", "person:reviewer-county"),
        ("body.task_settled", "person:reviewer-city"),
        ("domain.updated", "person:reviewer-city"),
        ("mark.revoked", "monitor:succession"),
        ("mark.issued", "monitor:succession"),
    ]
    assert await county.told(HEIR.uscc) == ["body.merged", "body.task_settled"]
    assert await county.told("county:430121") == [
        "body.renamed", "body.task_proposed", "body.merged", "body.task_due", "body.task_due", "body.task_due",
        "body.task_overdue", "body.task_overdue", "body.task_proposed",
    ]  # fmt: skip
    steps = await db.fetch("select choice, holder, outcome from body_step order by task_id")
    assert [tuple(row) for row in steps] == [("keep", "", ""), ("follow", HEIR.uscc, "")]
    assert await db.fetchval("select count(*) from body_task where state = 'open'") == 0
    while await seal_once(db):
        pass
    proof = await verify_chain(db)
    assert proof.holds, proof
