"""How a mark is issued and changed, on a real database."""

import asyncio
import stat
from dataclasses import dataclass, field

import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from tests.kit.clock import FakeClock
from tests.verifier.world import ABOLISHED, FOUNDATION, PEKING, TAX, TSINGHUA, fill
from verifier.marks import store
from verifier.marks.change import change_mark
from verifier.marks.issue import MarkOrder, challenges, issue_mark
from verifier.marks.looks import Look
from verifier.marks.mark_id import read_mark_id
from verifier.marks.states import MarkAct, MarkState


@dataclass
class Zone:
    """TXT records as a zone would hold them."""

    records: dict[str, list[str]] = field(default_factory=dict)

    async def txt(self, name: str) -> list[str]:
        """What stands at ``name``."""
        return self.records.get(name, [])


ATTESTED = MarkOrder(TSINGHUA.uscc, "https://清华大学.公益", ("www.清华大学.公益",), attested="演示")


@pytest.fixture
async def register(db: Database) -> Database:
    """A database with the small register."""
    await fill(db)
    return db


async def reason_of(register: Database, order: MarkOrder, clock: FakeClock, config: Config) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await issue_mark(register, order, clock, config, Zone())
    return caught.value


async def test_an_attested_mark_is_issued_and_told(register: Database, clock: FakeClock, config: Config) -> None:
    """A mark names body, hosts and look; its change row carries who attested it and why."""
    mark = await issue_mark(register, ATTESTED, clock, config, Zone())
    assert mark.state is MarkState.VALID
    assert read_mark_id(mark.id) == mark.id
    assert mark.hosts == tuple(sorted((to_a("清华大学.公益"), to_a("www.清华大学.公益"))))
    assert (mark.body_name, mark.look) == ("清华大学", Look.BLUE)
    change = await register.fetchrow("select kind, subject, detail, at from change where kind like 'mark.%'")
    assert change is not None
    assert (change["kind"], change["subject"], change["at"]) == ("mark.issued", mark.id, clock.now())
    assert change["detail"]["control"] == {"method": "attested", "by": "person:operator", "reason": "演示"}
    entry = await register.fetchrow("select * from audit_entry")
    assert entry is not None
    assert (entry["actor"], entry["act"], entry["subject"], entry["at"]) == (
        "person:operator",
        "mark.issued",
        mark.id,
        clock.now(),
    )
    assert "演示" in entry["detail"]


async def test_control_is_proved_by_a_txt_record(register: Database, clock: FakeClock, config: Config) -> None:
    """Without the record the refusal names it; with it the mark is issued; the token is 256 bits and of this body and host only."""
    order = MarkOrder(PEKING.uscc, "北京大学.公益")
    refusal = await reason_of(register, order, clock, config)
    assert refusal.reason is Reason.VERIFICATION_MISSING
    (record,) = refusal.evidence["records"]  # type: ignore[misc]  # evidence is a mapping of objects
    assert record["name"] == f"_zhengming-challenge.{to_a('北京大学.公益')}"
    assert len(record["value"].removeprefix("zhengming-challenge=")) == 43
    assert [(c.name, c.value) for c in challenges(order, config, clock.now())] == [(record["name"], record["value"])]
    foreign = challenges(MarkOrder(TSINGHUA.uscc, "北京大学.公益"), config, clock.now())[0]
    assert foreign.value != record["value"]
    with pytest.raises(Refusal):
        await issue_mark(register, order, clock, config, Zone({record["name"]: [foreign.value]}))
    mark = await issue_mark(register, order, clock, config, Zone({record["name"]: ["v=spf1 -all", record["value"]]}))
    assert mark.state is MarkState.VALID


async def test_a_challenge_lives_one_to_two_weeks(register: Database, clock: FakeClock, config: Config) -> None:
    """The record of last week still counts, that of two weeks ago does not; the secret behind it is ours alone."""
    order = MarkOrder(PEKING.uscc, "北京大学.公益")
    record = challenges(order, config, clock.now())[0]
    zone = Zone({record.name: [record.value]})
    assert stat.S_IMODE(config.secret("mark-challenge.key").stat().st_mode) == 0o600
    await clock.move(days=14)
    with pytest.raises(Refusal):
        await issue_mark(register, order, clock, config, zone)
    clock.set(clock.now().replace(day=8))
    await issue_mark(register, order, clock, config, zone)


REFUSED = [
    (MarkOrder("12100000999999999X", "清华大学.公益", attested="x"), Reason.NOT_FOUND),
    (MarkOrder(ABOLISHED.uscc, ABOLISHED.holds, attested="x"), Reason.STATUS_FORBIDS),
    (MarkOrder(PEKING.uscc, "清华大学.公益", attested="x"), Reason.NOT_PERMITTED),
    (MarkOrder(PEKING.uscc, "没有注册.公益", attested="x"), Reason.NOT_PERMITTED),
    (MarkOrder(PEKING.uscc, "https://www.example.com", attested="x"), Reason.NOT_PERMITTED),
    (MarkOrder(PEKING.uscc, "北京大学.公益.example.com", attested="x"), Reason.NOT_PERMITTED),
    (MarkOrder(PEKING.uscc, "北京大学.公益", ("清华大学.公益",), attested="x"), Reason.NOT_PERMITTED),
    (MarkOrder(PEKING.uscc, "http://北京大学.公益", attested="x"), Reason.VALUE_INVALID),
    (MarkOrder(PEKING.uscc, "https://北京大学.公益/path", attested="x"), Reason.VALUE_INVALID),
    (MarkOrder(PEKING.uscc, "https://a@北京大学.公益", attested="x"), Reason.VALUE_INVALID),
    (MarkOrder(PEKING.uscc, "", attested="x"), Reason.VALUE_INVALID),
    (MarkOrder(PEKING.uscc, "北京大学.公益:70000", attested="x"), Reason.VALUE_INVALID),
    (
        MarkOrder(PEKING.uscc, "北京大学.公益", tuple(f"h{n}.北京大学.公益" for n in range(40)), attested="x"),
        Reason.VALUE_OUT_OF_RANGE,
    ),
    (MarkOrder(PEKING.uscc, "北京大学.公益", attested="   "), Reason.VERIFICATION_MISSING),
]


async def test_what_is_refused_and_why(register: Database, clock: FakeClock, config: Config) -> None:
    """A dead or unknown body, a host that is not its own, an address that is no origin, and an unproved host get no mark and leave no trace."""
    for order, reason in REFUSED:
        assert (await reason_of(register, order, clock, config)).reason is reason, order
    assert await register.fetchval("select count(*) from verifier.mark") == 0
    assert await register.fetchval("select count(*) from change") == 0
    assert await register.fetchval("select count(*) from audit_entry") == 0


async def test_one_host_has_one_mark(register: Database, clock: FakeClock, config: Config) -> None:
    """A second mark for a marked host is refused, also when both are asked for at once; after revocation a new one is possible."""
    answers = await asyncio.gather(
        *(issue_mark(register, ATTESTED, clock, config, Zone()) for _ in range(4)), return_exceptions=True
    )
    marks = [a for a in answers if isinstance(a, store.Mark)]
    assert len(marks) == 1
    assert all(isinstance(a, Refusal) and a.reason is Reason.ALREADY_EXISTS for a in answers if a is not marks[0])
    await change_mark(register, marks[0].id, MarkAct.REVOKE, "测试", "person:operator", clock)
    again = await issue_mark(register, ATTESTED, clock, config, Zone())
    found = await store.find_mark_of_host(register, to_a("清华大学.公益"))
    assert found is not None
    assert found.id == again.id != marks[0].id


async def test_a_mark_is_suspended_resumed_and_revoked(register: Database, clock: FakeClock, config: Config) -> None:
    """Each step changes the state and writes one change row and one audit entry; a step the table lacks writes nothing; a reason is wanted."""
    mark = await issue_mark(register, ATTESTED, clock, config, Zone())
    for act, state in ((MarkAct.SUSPEND, "suspended"), (MarkAct.RESUME, "valid"), (MarkAct.REVOKE, "revoked")):
        assert (await change_mark(register, mark.id, act, "核查", "person:operator", clock)).stored == state
    kinds = [row["kind"] for row in await register.fetch("select kind from change order by seq")]
    assert kinds == ["mark.issued", "mark.suspended", "mark.resumed", "mark.revoked"]
    assert [row["act"] for row in await register.fetch("select act from audit_entry order by id")] == kinds
    for act, reason, wanted in (
        (MarkAct.RESUME, "x", Reason.STATUS_FORBIDS),
        (MarkAct.REVOKE, " ", Reason.PARAMETER_MISSING),
    ):
        with pytest.raises(Refusal) as caught:
            await change_mark(register, mark.id, act, reason, "person:operator", clock)
        assert caught.value.reason is wanted
    with pytest.raises(Refusal) as caught:
        await change_mark(register, "0" * 27, MarkAct.SUSPEND, "x", "person:operator", clock)
    assert caught.value.reason is Reason.NOT_FOUND
    assert await register.fetchval("select count(*) from change") == 4


async def test_a_mark_ends_with_its_body_and_with_its_name(
    register: Database, clock: FakeClock, config: Config
) -> None:
    """The instant the register says that the body or the name is gone, mark and status list say suspended, without anybody's act."""
    mark = await issue_mark(register, ATTESTED, clock, config, Zone())
    assert await store.list_exceptions(register, mark.status_list) == {}

    async def now() -> tuple[MarkState, dict[int, MarkState]]:
        found = await store.find_mark(register, mark.id)
        assert found is not None
        return found.state, await store.list_exceptions(register, mark.status_list)

    suspended = (MarkState.SUSPENDED, {mark.status_slot: MarkState.SUSPENDED})
    await register.execute("update body set status = 'abolished' where uscc = $1", TSINGHUA.uscc)
    assert await now() == suspended
    await register.execute("update body set status = 'renamed' where uscc = $1", TSINGHUA.uscc)
    assert await now() == (MarkState.VALID, {})
    await register.execute("update body set successor_uscc = $2 where uscc = $1", TSINGHUA.uscc, PEKING.uscc)
    assert await now() == suspended
    await register.execute("update body set status = 'normal', successor_uscc = '' where uscc = $1", TSINGHUA.uscc)
    await register.execute("update domain set uscc = $2 where uscc = $1", TSINGHUA.uscc, FOUNDATION.uscc)
    assert await now() == suspended
    await change_mark(register, mark.id, MarkAct.REVOKE, "名称转出", "person:operator", clock)
    assert await now() == (MarkState.REVOKED, {mark.status_slot: MarkState.REVOKED})


async def test_marks_get_slots_of_their_own(register: Database, clock: FakeClock, config: Config) -> None:
    """Two marks never share a place in a status list."""
    one = await issue_mark(register, ATTESTED, clock, config, Zone())
    two = await issue_mark(register, MarkOrder(TAX.uscc, TAX.holds, attested="x"), clock, config, Zone())
    assert (one.status_list, one.status_slot) != (two.status_list, two.status_slot)
    assert two.look is Look.RED
