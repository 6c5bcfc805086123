"""What is committed is seen: both doors answer out of memory, and no act of the register leaves an old answer behind for a second."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from registry.establishment.importing import import_file
from registry.flows.act import Act
from registry.flows.contact.update import UpdateContact, update_contact
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.host.update import UpdateHost, update_host
from registry.kernel.db import Database
from registry.model.contact import Disclose
from tests.whois.conftest import Doors
from tests.whois.test_port43 import asked
from tests.whois.world import PLAIN, TEST, TSINGHUA, UNIVERSITY, A
from whois.cache.depends import EVERYTHING
from whois.lookup import look_up
from whois.port43 import FROM_MEMORY
from whois.query import AskDomain
from whois.rdap.desk import FROM_MEMORY as RDAP_FROM_MEMORY

WITHIN_SECONDS = 1.0
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?= <<<)|(?<=database\",\"eventDate\":\")[^\"]*")
NEW = f"new-name.{TEST}"
LINES = (
    UNIVERSITY, "清華大學.公益", PLAIN, NEW, TSINGHUA, f"nameserver ns1.{UNIVERSITY}", f"nameserver ns3.{UNIVERSITY}", "registrar 9995",
)  # fmt: skip
PATHS = (
    f"domain/{UNIVERSITY}", f"domain/{PLAIN}", f"domain/{NEW}", f"nameserver/ns1.{UNIVERSITY}", f"nameserver/ns3.{UNIVERSITY}",
    f"entity/{TSINGHUA}", "entity/9995", "domain/国家稅务总局.政务",
)  # fmt: skip


async def state(doors: Doors) -> dict[str, str]:
    """All answers of both doors, without their instants."""
    found = {line: await asked(doors.port, f"{line}\r\n".encode()) for line in LINES}
    for path in PATHS:
        async with doors.client.get(f"{doors.url}/rdap/{path}") as answer:
            found[path] = await answer.text()
    return {question: _INSTANT.sub("", text) for question, text in found.items()}


async def truth(doors: Doors) -> dict[str, str]:
    """The same with both memories emptied before."""
    doors.port43._lookups.memory.touch({EVERYTHING})
    doors.rdap.lookups.memory.touch({EVERYTHING})
    return await state(doors)


async def _add_host(act: Act) -> None:
    await create_host(act, CreateHost(f"ns3.{UNIVERSITY}", (AddressText("208.77.190.199"),)))


async def _use_host(act: Act) -> None:
    await update_domain(act, UpdateDomain(UNIVERSITY, add_hosts=(f"ns3.{UNIVERSITY}",)))


async def _move_host(act: Act) -> None:
    order = UpdateHost(
        f"ns1.{UNIVERSITY}",
        add_addresses=(AddressText("208.77.190.200"),),
        rem_addresses=(AddressText("208.77.190.193"),),
    )
    await update_host(act, order)


async def _rename_host(act: Act) -> None:
    await update_host(act, UpdateHost(f"ns3.{UNIVERSITY}", new_name=f"ns4.{UNIVERSITY}"))


async def _lock(act: Act) -> None:
    await update_domain(act, UpdateDomain(UNIVERSITY, add_statuses=("clientHold",)))


async def _open_contact(act: Act) -> None:
    await update_contact(act, UpdateContact("c-open", disclose=Disclose(True, frozenset({"name:loc"}))))


async def _register(act: Act) -> None:
    await create_domain(act, CreateDomain(NEW, 1, registrant="c-person", contacts=frozenset({("tech", "c-open")})))


async def _delete(act: Act) -> None:
    await delete_domain(act, DeleteDomain(NEW))


ACTS: tuple[Callable[[Act], Awaitable[object]], ...] = (
    _add_host, _use_host, _move_host, _rename_host, _lock, _open_contact, _register, _delete,
)  # fmt: skip


async def test_every_act_is_seen_in_both_doors(doors: Doors) -> None:
    """Hosts, names, contacts and locks that change, names that come and go: each is in every answer within a second, though all were in memory."""
    for act in ACTS:
        before = await state(doors)
        counted = FROM_MEMORY._value.get() + RDAP_FROM_MEMORY._value.get()
        assert await state(doors) == before
        assert FROM_MEMORY._value.get() + RDAP_FROM_MEMORY._value.get() - counted >= len(LINES) + len(PATHS) - 6, (
            "out of memory"
        )
        await doors.world.runner.run(A, act)
        await asyncio.sleep(WITHIN_SECONDS * 0.4)
        seen = await state(doors)
        assert seen != before, act.__name__
        assert seen == await truth(doors), act.__name__
        await asyncio.sleep(0.5)


async def test_a_body_that_is_renamed_is_seen(doors: Doors, tmp_path: Path) -> None:
    """An import of the establishment changes the holder in every answer that shows it."""
    before = await state(doors)
    assert await state(doors) == before
    path = tmp_path / "renamed.jsonl"
    path.write_text(
        '{"uscc": "12100000400000624D", "name": "清华大学", "kind": "12", "administrative": "0", "region": "100000", "level": "central", '
        '"status": "normal", "address": "北京市海淀区双清路30号", "phone": "010-11112222", "changed_at": "2026-05-30"}\n'
    )
    report = await import_file(doors.db, path, snapshot=False, actor="job:test", clock=doors.clock)
    assert not report.rejected
    await asyncio.sleep(WITHIN_SECONDS)
    after = await state(doors)
    assert after == await truth(doors)
    assert all("010-11112222" in after[line] for line in (UNIVERSITY, "清華大學.公益"))
    assert "11112222" in after[f"domain/{UNIVERSITY}"]


async def test_a_commit_is_seen_within_a_second_by_both(doors: Doors) -> None:
    """Sixty commits one after the other, each asked for until it shows: the slowest of port 43 and of RDAP takes less than a second."""
    slowest = 0.0
    clock = asyncio.get_running_loop().time
    for number in range(60):
        status = "clientHold" if number % 2 == 0 else ""
        change = (
            UpdateDomain(PLAIN, add_statuses=("clientHold",))
            if status
            else UpdateDomain(PLAIN, rem_statuses=("clientHold",))
        )
        await state_of(doors)
        await doors.world.runner.run(A, lambda act, change=change: update_domain(act, change))
        began = clock()
        while await state_of(doors) != (bool(status), bool(status)):
            assert clock() - began < WITHIN_SECONDS
        slowest = max(slowest, clock() - began)
    assert slowest < WITHIN_SECONDS


async def state_of(doors: Doors) -> tuple[bool, bool]:
    """Whether the name is on hold, as port 43 and as RDAP say."""
    line = await asked(doors.port, f"{PLAIN}\r\n".encode())
    async with doors.client.get(f"{doors.url}/rdap/domain/{PLAIN}") as answer:
        return "Domain Status: clientHold" in line, "client hold" in (await answer.json(content_type=None))["status"]


async def test_a_feed_that_is_cut_silences_the_memory(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the feed cannot be read any more, nothing is answered from memory after a second, and the register is asked again."""
    await state(doors)
    assert len(doors.rdap.lookups.memory) > 0

    async def hangs(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("registry.kernel.feed.Feed.read", hangs)
    await asyncio.sleep(WITHIN_SECONDS + 0.1)
    now = asyncio.get_running_loop().time()
    assert not doors.rdap.lookups.memory.trusted(now)
    await doors.db.execute("update domain set statuses = '{clientHold}' where name = $1", PLAIN)
    assert await state_of(doors) == (True, True)


async def test_looking_things_up_writes_nothing(doors: Doors) -> None:
    """No question leaves a row behind: every table has as many rows written after a thousand of them as before."""
    before = await _written(doors.db)
    for _ in range(3):
        await state(doors)
        await truth(doors)
    await doors.db.execute("select pg_stat_force_next_flush()")
    assert await _written(doors.db) == before
    async with doors.db.transaction(readonly=True) as conn:
        assert b"Domain Name" in (await look_up(conn, AskDomain(PLAIN), doors.clock.now())).head


async def _written(db: Database) -> int:
    sql = "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables"
    return int(await db.fetchval(sql))
