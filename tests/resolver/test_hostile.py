"""What strangers send: malformed packets, floods of noise, connections that dawdle."""

import asyncio
import random
import socket
import time
from dataclasses import replace

import dns.message
import dns.rcode
import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from resolver.chain import fast, slow
from resolver.service import DnsService, create
from resolver.zone.zone import Zone
from tests.kit.clock import FakeClock
from tests.resolver.made import DIGEST, GOV, ask, delegation, make_zones, meaning

PACKETS = 20_000
GOOD = ask(f"www.foo.{GOV}", edns=0)


@pytest.fixture(scope="module")
def zones() -> dict[bytes, Zone]:
    """A signed zone with a few names."""
    names = [
        delegation("foo", [f"ns.foo.{GOV}"], {f"ns.foo.{GOV}": ["192.0.2.1"]}, [(1, 13, 2, DIGEST)]),
        delegation("bar", ["ns.example"]),
    ]
    return make_zones(names, signed=True)


def mutate(chance: random.Random, packet: bytes) -> bytes:
    """A packet with octets changed, cut off, doubled or put in."""
    made = bytearray(packet)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(made)) if made else 0
        match chance.randrange(5):
            case 0 if made:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randrange(1, 9)]
            case 2:
                made[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                made += made[at : at + 20]
            case _ if made:
                made[at] ^= 1 << chance.randrange(8)
    return bytes(made)


def test_twenty_thousand_random_packets_get_an_answer_or_silence(zones: dict[bytes, Zone]) -> None:
    """Noise and damaged questions: no exception, silence only where it belongs, a known rcode, both paths equal."""
    chance = random.Random(53)  # noqa: S311  # the same packets every run
    seeds = [GOOD, ask(GOV, "SOA"), ask(f"no.{GOV}", "DS", edns=0, do=True), ask("example.com", edns=1)]
    allowed = {
        dns.rcode.NOERROR,
        dns.rcode.FORMERR,
        dns.rcode.NXDOMAIN,
        dns.rcode.NOTIMP,
        dns.rcode.REFUSED,
        dns.rcode.NOTAUTH,
        dns.rcode.BADVERS,
    }
    for number in range(PACKETS):
        packet = chance.randbytes(chance.randrange(100)) if number % 4 == 0 else mutate(chance, chance.choice(seeds))
        slowly, quickly = slow.answer(packet, zones, over_udp=True), fast.answer(packet, zones)
        is_silent = len(packet) < 12 or bool(packet[2] & 0x80)
        assert (slowly is None) == is_silent
        if slowly is None:
            assert quickly is None
            continue
        message = dns.message.from_wire(slowly)
        assert message.rcode() in allowed
        assert slowly[:2] == packet[:2]
        assert len(slowly) <= 1232
        if quickly is not None:
            assert meaning(quickly) == meaning(slowly)


MALFORMED = {
    "a name that points to itself": ask("x")[:12] + b"\xc0\x0c\0\1\0\1",
    "a name that points behind the end": ask("x")[:12] + b"\xc0\xff\0\1\0\1",
    "a label of the reserved kind": ask("x")[:12] + b"\x41" + b"a" * 65 + b"\0\0\1\0\1",
    "a name without end": ask("x")[:12] + b"\x3f" + b"a" * 63,
    "a name of 256 octets": ask("x")[:12] + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\1\0\1",
    "no class": GOOD[: GOOD.index(b"\0\1\0\1") + 2],
    "octets behind the message": ask(GOV) + b"\0",
    "two OPT records": GOOD[:11] + b"\2" + GOOD[12:] + GOOD[-11:],
    "an OPT record whose length lies": GOOD[:-1] + b"\5",
    "an option whose length lies": GOOD[:-1] + b"\4" + b"\0\x0a\0\xff",
    "an OPT record with a name": GOOD[:-11] + b"\1a" + GOOD[-11:],
    "a count of records that are not there": ask(GOV)[:10] + b"\0\7" + ask(GOV)[12:],
}


@pytest.mark.parametrize("what", MALFORMED)
def test_each_malformed_query_is_formerr(zones: dict[bytes, Zone], what: str) -> None:
    """FORMERR with the id of the query, and never from the packed path."""
    octets = slow.answer(MALFORMED[what], zones, over_udp=True)

    assert octets is not None
    assert fast.answer(MALFORMED[what], zones) is None
    assert octets[:2] == MALFORMED[what][:2]
    assert octets[3] & 0xF == dns.rcode.FORMERR


def test_a_label_may_hold_any_octet(zones: dict[bytes, Zone]) -> None:
    """Zero octets, dots and backslashes inside a label are data, and an answer keeps them (RFC 2181 section 11)."""
    packet = ask("x")[:12] + b"\x04a\0.\\" + b"\x0bxn--zfr164b\0" + b"\0\1\0\1"
    quickly, slowly = fast.answer(packet, zones), slow.answer(packet, zones, over_udp=True)

    assert quickly is not None
    assert slowly is not None
    assert meaning(quickly) == meaning(slowly)
    assert quickly[12:17] == b"\x04a\0.\\"
    assert quickly[3] & 0xF == dns.rcode.NXDOMAIN


async def tcp(config: Config) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", config.port("dns"))


async def receive(reader: asyncio.StreamReader) -> bytes:
    size = int.from_bytes(await asyncio.wait_for(reader.readexactly(2), 5), "big")
    return await asyncio.wait_for(reader.readexactly(size), 5)


async def test_many_queries_on_one_connection_are_answered_in_order(service: DnsService, dns_config: Config) -> None:
    """A hundred at once, then one octet at a time (RFC 7766 sections 6.2.1 and 8)."""
    reader, writer = await tcp(dns_config)
    for number in range(100):
        query = number.to_bytes(2, "big") + ask(f"n{number}.{GOV}")[2:]
        writer.write(len(query).to_bytes(2, "big") + query)
    for number in range(100):
        assert (await receive(reader))[:2] == number.to_bytes(2, "big")
    for octet in len(GOOD).to_bytes(2, "big") + GOOD:
        writer.write(bytes((octet,)))
        await writer.drain()
    assert (await receive(reader))[:2] == GOOD[:2]
    writer.close()


@pytest.mark.parametrize("sent", [b"", b"\0", b"\0\x40abc", b"\xff\xff"])
async def test_a_connection_that_does_not_finish_its_message_is_closed(
    zones_db: Database, dns_config: Config, clock: FakeClock, sent: bytes
) -> None:
    """Idle or half-said: closed after the idle limit, and others are answered meanwhile."""
    config = replace(dns_config, dns=replace(dns_config.dns, tcp_idle_seconds=0.3))
    made = create(Parts(config, zones_db, clock))
    await made.start()
    try:
        reader, writer = await tcp(config)
        writer.write(sent)
        start = time.monotonic()
        other_reader, other_writer = await tcp(config)
        other_writer.write(len(GOOD).to_bytes(2, "big") + GOOD)
        assert (await receive(other_reader))[:2] == GOOD[:2]
        assert await asyncio.wait_for(reader.read(), 5) == b""
        assert 0.2 < time.monotonic() - start < 3
        writer.close()
        other_writer.close()
    finally:
        await made.drain()
        await made.close()


async def test_a_connection_too_many_is_closed_and_the_others_are_served(
    zones_db: Database, dns_config: Config, clock: FakeClock
) -> None:
    """The limit of connections holds; a place that becomes free is given to the next."""
    config = replace(dns_config, dns=replace(dns_config.dns, max_tcp_connections=3))
    made = create(Parts(config, zones_db, clock))
    await made.start()
    try:
        kept = [await tcp(config) for _ in range(3)]
        for reader, writer in kept:
            writer.write(len(GOOD).to_bytes(2, "big") + GOOD)
            assert await receive(reader)
        reader, writer = await tcp(config)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        kept[0][1].close()
        await kept[0][1].wait_closed()
        await asyncio.sleep(0.05)
        reader, writer = await tcp(config)
        writer.write(len(GOOD).to_bytes(2, "big") + GOOD)
        assert await receive(reader)
        for _, each in (*kept, (reader, writer)):
            each.close()
    finally:
        await made.drain()
        await made.close()


async def test_noise_over_udp_does_not_stop_the_answers(service: DnsService, dns_config: Config) -> None:
    """Two thousand random datagrams, then a question: it is answered."""
    chance = random.Random(1)  # noqa: S311  # the same packets every run
    where = ("127.0.0.1", dns_config.port("dns"))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noisy,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        for _ in range(2000):
            noisy.sendto(chance.randbytes(chance.randrange(80)), where)
        await asyncio.sleep(0.5)
        client.setblocking(False)
        client.sendto(ask(GOV, "SOA"), where)
        loop = asyncio.get_running_loop()
        said = await asyncio.wait_for(loop.sock_recv(client, 4096), 10)

    assert dns.message.from_wire(said).rcode() == dns.rcode.NOERROR
