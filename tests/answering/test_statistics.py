"""What is counted of questions and answers, what is written down of it, and what a dnstap reader sees."""

import asyncio
import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dns.message
import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from resolver.chain.responder import Responder
from resolver.service import create
from resolver.statistics.hitters import Hitters
from resolver.statistics.ledger import FEW, NAMES, Ledger
from resolver.statistics.tally import LOOKS, PLACES, Count, Tally
from resolver.statistics.tap import FileTap
from tests.kit.clock import START, FakeClock
from tests.resolver.conftest import run
from tests.resolver.made import DIGEST, GOV, ORG, ask, delegation, make_zones

CLIENT = bytes((192, 0, 2, 7))
NAMES_HERE = [delegation("foo", ["ns.example"], ds=[(1, 13, 2, DIGEST)]), delegation("bar", ["ns.example"])]


def counted(counts: list[Count], zone: str, kind: str) -> dict[str, int]:
    return {each.key: each.number for each in counts if (each.zone, each.kind) == (zone, kind)}


def test_everything_is_counted_once_by_type_rcode_transport_size_and_outcome() -> None:
    """A referral, an answer, NODATA, NXDOMAIN, a refusal: each in its zone, each kind adds up to the same sum."""
    zones = make_zones(NAMES_HERE)
    tally = Tally(frozenset(zones))
    over_udp, over_tcp = (Responder(zones, transport, tally=tally) for transport in ("udp", "tcp"))
    for packet in (
        ask(f"www.foo.{GOV}"),
        ask(GOV, "SOA"),
        ask(GOV, "MX"),
        ask(f"no.{GOV}", "TYPE65280"),
        ask("example.com"),
    ):
        over_udp.answer(packet, CLIENT)
    over_tcp.answer(ask(f"BAR.{GOV}", "AAAA"), CLIENT)
    counts = tally.harvest()

    assert counted(counts, GOV, "type") == {"A": 1, "AAAA": 1, "SOA": 1, "MX": 1, "other": 1}
    assert counted(counts, GOV, "rcode") == {"NOERROR": 4, "NXDOMAIN": 1}
    assert counted(counts, GOV, "transport") == {"udp": 4, "tcp": 1}
    assert counted(counts, GOV, "outcome") == {"referral": 2, "answer": 1, "nodata": 1, "nxdomain": 1}
    assert counted(counts, GOV, "size") == {"128": 5}
    assert counted(counts, "", "rcode") == {"REFUSED": 1}
    assert not tally.harvest()
    names = tally.harvest_names()
    assert counted(names, GOV, "name") == {"foo": 1, "bar": 1}
    assert counted(names, GOV, "missing") == {"no": 1}
    assert not tally.harvest_names()


def test_nothing_of_a_client_is_counted() -> None:
    """Neither its address nor the labels below a delegated name, which may be about a person."""
    zones = make_zones(NAMES_HERE)
    tally = Tally(frozenset(zones))
    Responder(zones, "udp", tally=tally).answer(ask(f"zhang-san.laptop.foo.{GOV}"), CLIENT)
    everything = str([*tally.harvest(), *tally.harvest_names()])

    assert "zhang" not in everything
    assert "laptop" not in everything
    assert "192" not in everything


def test_a_busy_door_is_looked_at_now_and_then_and_the_sums_stay_right() -> None:
    """Forty thousand questions in a second: some two thousand looks, and sums within some per cent; when it is quiet each counts again."""
    zones = make_zones(NAMES_HERE)
    tally = Tally(frozenset(zones))
    door = Responder(zones, "udp", tally=tally)
    chance = random.Random(5)  # noqa: S311  # the same every run
    packets = [ask(f"www.foo.{GOV}"), ask(f"no.{GOV}"), ask(f"bar.{GOV}", "AAAA")]
    truth: Counter[str] = Counter()
    looks = 0
    for _ in range(40_000):
        packet = chance.choices(packets, weights=[8, 1, 1])[0]
        truth[dns.message.from_wire(packet).question[0].name.to_text().split(".")[0]] += 1
        door.answer(packet, CLIENT)
    looks = sum(tally._counts.values())
    counts = tally.harvest()

    assert abs(looks - 40_000) < 2000
    assert abs(counted(counts, GOV, "rcode")["NXDOMAIN"] - truth["no"]) < 0.15 * truth["no"]
    assert tally._step >= 40_000 // LOOKS // 4
    for _ in range(20):
        tally.tick()
    assert tally._step == 1


def test_a_flood_of_random_names_leaves_the_real_ones_in_place() -> None:
    """Half a million names that come once, between them one that comes often: it is first, and memory is bounded."""
    hitters = Hitters(PLACES)
    for number in range(300_000):
        hitters.add(f"random{number}".encode(), 1)
        if number % 20 == 0:
            hitters.add(b"often", 1)

    assert len(hitters) <= PLACES
    assert hitters.top(1)[0][0] == b"often"
    assert 15_000 - 315_000 // (PLACES + 1) <= hitters.top(1)[0][1] <= 15_000


def test_counts_are_never_too_high_and_too_low_by_a_known_bound_only() -> None:
    """Misra and Gries: every count is at most total / (places + 1) below the truth."""
    chance = random.Random(3)  # noqa: S311  # the same every run
    hitters, truth = Hitters(20), Counter[bytes]()
    for _ in range(5000):
        name, weight = str(int(chance.paretovariate(0.8))).encode(), chance.choice([1, 1, 4])
        hitters.add(name, weight)
        truth[name] += weight
    bound = truth.total() / 21
    found = dict(hitters.top(20))

    assert all(truth[name] - bound <= found.get(name, 0) <= truth[name] for name in truth)
    assert all(name in found for name, number in truth.items() if number > bound)


async def test_hours_add_up_in_their_table(db: Database) -> None:
    """Two processes' counts of one hour are one row; names that few asked for are not kept, nor more than a hundred."""
    first, second = Ledger(db), Ledger(db)
    for ledger, number in ((first, 5), (second, 7)):
        ledger.add([Count(GOV, "type", "A", number), Count(GOV, "name", "rare", 1)])
        ledger.add([Count(GOV, "name", f"n{each}", FEW + each) for each in range(NAMES + 20)])
        await ledger.write(START)
    assert await db.fetchval("select number from published.query_hour where kind = 'type'") == 12
    await first.write(START + timedelta(hours=1))
    kept = await db.fetch("select key from published.query_hour where kind = 'name'")

    assert len(kept) == NAMES
    assert "rare" not in {row["key"] for row in kept}
    assert f"n{NAMES + 19}" in {row["key"] for row in kept}
    await first.write(START + timedelta(days=500))
    await first.write(START + timedelta(days=500, hours=1))
    assert not await db.fetchval("select count(*) from published.query_hour")


async def test_what_cannot_be_written_is_written_later(db: Database) -> None:
    """The database away: nothing is lost and nothing is counted twice."""
    ledger = Ledger(db)
    ledger.add([Count(GOV, "type", "A", 5)])
    await db.execute("alter table resolver.query_hour rename to away")
    with pytest.raises(Exception, match="query_hour"):
        await ledger.write(START)
    await db.execute("alter table resolver.away rename to query_hour")
    ledger.add([Count(GOV, "type", "A", 1)])
    await ledger.write(START)
    await ledger.write(START)

    assert await db.fetchval("select sum(number) from resolver.query_hour") == 6


async def test_a_service_that_stops_has_written_what_it_answered(
    zones_db: Database, dns_config: Config, clock: FakeClock
) -> None:
    """After dig's questions and a stop the hour's rows are there, by transport and type."""
    made = create(Parts(dns_config, zones_db, clock))
    await made.start()
    where = ("+norec", "@127.0.0.1", "-p", str(dns_config.port("dns")))
    await run("dig", *where, GOV, "SOA")
    await run("dig", *where, ORG, "MX", "+tcp")
    await run("dig", *where, f"nothing.{GOV}")
    await made.drain()
    await made.close()
    rows = await zones_db.fetch("select zone, kind, key, number from published.query_hour order by 1, 2, 3")
    told = {(row["zone"], row["kind"], row["key"]): row["number"] for row in rows}

    assert told[GOV, "type", "SOA"] == 1
    assert told[GOV, "outcome", "nxdomain"] == 1
    assert told[ORG, "transport", "tcp"] == 1
    assert told[GOV, "missing", "nothing"] == 1


async def test_dnstap_read_sees_every_message_of_a_file(tmp_path: Path, clock: FakeClock) -> None:
    """BIND's reader prints questions and answers, addresses and transports, of a file that ends as it should."""
    path = tmp_path / "tap.fstrm"
    tap = FileTap(str(path), b"ns1", clock)
    await tap.open()
    zones = make_zones(NAMES_HERE)
    Responder(zones, "udp", tap=tap.see).answer(ask(f"www.foo.{GOV}"), CLIENT)
    Responder(zones, "tls", tap=tap.see).answer(ask(GOV, "SOA"), bytes.fromhex("20010db8" + "0" * 23 + "1"))
    await tap.close()
    printed = await run("dnstap-read", "-p", str(path))

    assert f"www.foo.{GOV}" in printed
    assert "192.0.2.7" in printed
    assert "2001:db8::1" in printed
    assert "UDP" in printed
    assert "SOA" in printed
    assert printed.count("ANSWER SECTION") + printed.count("AUTHORITY SECTION") >= 2
    assert START.strftime("%Y") in printed


async def test_a_reader_on_a_unix_socket_gets_the_stream(tmp_path: Path, clock: FakeClock) -> None:
    """fstrm_capture shakes hands, takes the frames, and writes a file that dnstap-read reads."""
    there, path = tmp_path / "tap.sock", tmp_path / "captured"
    words = ("fstrm_capture", "-t", "protobuf:dnstap.Dnstap", "-u", str(there), "-w", str(path))
    reader = await asyncio.create_subprocess_exec(*words, stdout=-3, stderr=-3)
    async with asyncio.timeout(5):
        while not there.exists():  # noqa: ASYNC110  # another program makes it
            await asyncio.sleep(0.02)
    tap = FileTap(str(there), b"ns1", clock)
    await tap.open()
    for number in range(300):
        Responder(make_zones(), "udp", tap=tap.see).answer(ask(f"n{number}.{GOV}"), CLIENT)
    await tap.close()
    await asyncio.sleep(0.3)
    reader.terminate()
    await reader.wait()
    printed = await run("dnstap-read", str(path))

    assert len(printed.splitlines()) == 300
    assert f"n299.{GOV}" in printed


async def test_a_reader_that_is_not_there_stops_nobody(tmp_path: Path, clock: FakeClock) -> None:
    """A path that cannot be written: answers go on."""
    tap = FileTap(str(tmp_path / "no" / "such" / "file"), b"ns1", clock)
    await tap.open()
    said = Responder(make_zones(), "udp", tap=tap.see).answer(ask(GOV, "SOA"), CLIENT)
    await tap.close()

    assert said is not None
    assert sys.getsizeof(tap._waiting) < 10_000


async def test_the_service_taps_when_it_is_told_to(
    zones_db: Database, dns_config: Config, clock: FakeClock, tmp_path: Path
) -> None:
    """``dns.dnstap`` names a file: what dig asked is in it."""
    path = tmp_path / "tap"
    config = replace(dns_config, dns=replace(dns_config.dns, dnstap=str(path), nsid="ns1"))
    made = create(Parts(config, zones_db, clock))
    await made.start()
    await run("dig", "+norec", "@127.0.0.1", "-p", str(config.port("dns")), GOV, "SOA")
    await made.drain()
    await made.close()

    assert GOV in await run("dnstap-read", str(path))
