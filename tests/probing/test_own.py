"""Our own public answers looked at by a second hand: what is right has no finding, each thing that is wrong has one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from registry.kernel.tls import issue, make_authority
from registry.kernel.web.app import Context
from resolver.probing import own
from resolver.probing.own import Expected
from resolver.probing.proposals import registered
from resolver.probing.service import Probe, doors
from resolver.service import create
from resolver.transport.doh import routes
from tests.resolver.made import GOV, ORG
from tests.resolver.register import put_host, register

NAME = f"foo.{GOV}"


@pytest.fixture
async def public(zones_db: Database, dns_config: Config) -> AsyncIterator[Config]:
    """Our DNS with all its transports, and one delegated name."""
    clock = SystemClock()
    pair = issue(make_authority("test", clock.now()), "dns", clock.now(), server_names=("127.0.0.1",))
    pair.write(dns_config.secret("server.pem"), dns_config.secret("server.key"))
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    await register(zones_db, NAME, servers=["ns1.example.com"])
    made = create(Parts(dns_config, zones_db, clock))
    await made.start()
    app = web.Application()
    app.add_routes(routes(Context(dns_config, zones_db, clock)))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", dns_config.port("web")).start()
    yield dns_config
    await runner.cleanup()
    await made.drain()
    await made.close()


async def test_all_doors_of_ours_are_without_fault(public: Config, zones_db: Database) -> None:
    """UDP, TCP, TLS and HTTPS of every name server, both zones: asked, compared, written down, nothing found."""
    probe = Probe(Parts(public, zones_db, SystemClock()))
    assert await probe.watch_ourselves() == 0
    rows = await zones_db.fetch(
        "select zone, server, transport, serial, millis, findings, faulty_since from published.answer_watch"
    )

    assert {row["transport"] for row in rows} == {"udp", "tcp", "tls", "https"}
    assert {row["zone"] for row in rows} == {GOV, ORG}
    assert len(rows) == 2 * (2 * 3 + 1)
    assert all(row["findings"] == [] and row["faulty_since"] is None for row in rows)
    assert all(row["serial"] and row["millis"] is not None for row in rows)


async def expected(db: Database, config: Config) -> Expected:
    serial = await db.fetchval("select serial from resolver.serial where zone = $1", GOV)
    return Expected(GOV, serial, frozenset(config.dns.name_servers), (await registered(db, NAME),))


async def found(config: Config, wanted: Expected, transport: str = "udp", days: int = 0) -> set[str]:
    door = next(each for each in doors(config) if each.transport == transport)
    seen = await own.ask_door(door, wanted)
    return {each.code for each in own.judge(wanted, seen, SystemClock().now() + timedelta(days=days))}


async def test_each_difference_has_its_finding(public: Config, zones_db: Database) -> None:
    """A later serial published, other name servers configured, another delegation registered, signatures that ran out."""
    right = await expected(zones_db, public)
    assert await found(public, right) == set()
    assert await found(public, replace(right, serial=right.serial + 9)) == {"behind"}
    assert await found(public, replace(right, servers=frozenset({"ns1.other.example"}))) == {"servers_differ"}
    wrong = replace(right.samples[0], servers=(replace(right.samples[0].servers[0], name="ns9.example"),))
    assert await found(public, replace(right, samples=(wrong,))) == {"delegation_differs"}
    absent = replace(right.samples[0], zone=f"nothing.{GOV}")
    assert await found(public, replace(right, samples=(absent,))) == {"delegation_differs"}
    assert await found(public, right, days=20) == {"signature_wrong", "signature_ends_soon"}
    assert await found(public, right, days=12) == {"signature_ends_soon"}


async def test_a_door_that_does_not_answer_is_told_and_since_when(public: Config, zones_db: Database) -> None:
    """The second name server is somewhere where nobody listens: it is faulty since the first look, until it is not."""
    servers = {**public.dns.name_servers, "ns2.nic.xn--55qw42g": ["127.0.0.77"]}
    away = replace(public, dns=replace(public.dns, name_servers=servers))
    probe = Probe(Parts(away, zones_db, SystemClock()))
    assert await probe.watch_ourselves() > 0
    query = "select transport, findings, faulty_since from published.answer_watch where address = '127.0.0.77' and zone = $1 order by 1"
    first = await zones_db.fetch(query, GOV)
    await probe.watch_ourselves()
    second = await zones_db.fetch(query, GOV)

    assert {row["transport"] for row in first} == {"tcp", "tls", "udp"}
    assert all(row["findings"][0]["code"] == "silent" for row in first)
    assert [row["faulty_since"] for row in first] == [row["faulty_since"] for row in second]
