"""The service with the real database, asked by the clients that people use: dig and kdig."""

import asyncio
import time
from dataclasses import replace

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.feed import wake
from registry.kernel.service import Parts
from resolver.service import DnsService, create
from tests.kit.clock import FakeClock
from tests.resolver.conftest import run
from tests.resolver.register import delegate, put_domain, put_host, register, tell_domain, tell_host

GOV, ORG = "xn--zfr164b", "xn--55qw42g"
TSINGHUA = f"xn--xkry9kk1bz66a.{ORG}"
TSINGHUA_TRADITIONAL = f"xn--xkry9kx97a.{ORG}"


async def dig(config: Config, *words: str, tool: str = "dig") -> str:
    """The answer of the service."""
    plain = ["+noidn"] if tool == "kdig" else ["+noidnin", "+noidnout"]
    return await run(tool, *plain, "@127.0.0.1", "-p", str(config.port("dns")), *words)


async def expect(config: Config, name: str, wanted: str, *words: str, present: bool = True) -> float:
    """Seconds until the answer for ``name`` holds (or, not present, lacks) ``wanted``."""
    start = time.perf_counter()
    while (wanted in await dig(config, name, "NS", "+norec", *words)) is not present:
        assert time.perf_counter() - start < 10, f"{name}: {wanted}"
        await asyncio.sleep(0.01)
    return time.perf_counter() - start


async def test_a_committed_name_is_answered_within_a_second(
    service: DnsService, zones_db: Database, dns_config: Config
) -> None:
    """After the commit of one transaction dig and kdig get the referral with glue, over UDP and TCP, for all bundle members."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
        await put_domain(conn, TSINGHUA, TSINGHUA_TRADITIONAL)
        await put_host(conn, f"ns1.{TSINGHUA}", ["192.0.2.53", "2001:db8::53"])
        await delegate(conn, TSINGHUA, ["ns1.example.com", f"ns1.{TSINGHUA}"])
        await tell_domain(conn, "created", TSINGHUA, TSINGHUA_TRADITIONAL)
    wake(zones_db)

    assert await expect(dns_config, TSINGHUA, "ns1.example.com.") < 1.0
    for tool in ("dig", "kdig"):
        for transport in ("+notcp", "+tcp"):
            for name in (TSINGHUA, TSINGHUA_TRADITIONAL, f"www.{TSINGHUA}"):
                said = await dig(dns_config, name, "A", "+norec", transport, tool=tool)
                assert "NOERROR" in said
                assert f"ns1.{TSINGHUA}." in said
                assert "192.0.2.53" in said
                assert "2001:db8::53" in said


async def test_every_answer_of_the_story_is_right_over_udp_and_tcp(service: DnsService, dns_config: Config) -> None:
    """SOA, NS, NXDOMAIN, NODATA, REFUSED, as dig sees them."""
    for transport in ("+notcp", "+tcp"):
        soa = await dig(dns_config, GOV, "SOA", "+norec", transport)
        assert "status: NOERROR" in soa
        assert "flags: qr aa;" in soa
        assert "status: NXDOMAIN" in await dig(dns_config, f"nothing.{GOV}", "+norec", transport)
        nodata = await dig(dns_config, ORG, "MX", "+norec", transport)
        assert "ANSWER: 0, AUTHORITY: 1" in nodata
        assert "status: NOERROR" in nodata
        refused = await dig(dns_config, "example.com", "+norec", transport)
        assert "status: REFUSED" in refused
        assert "EDE: 20" in refused
        assert "MALFORMED" not in soa + nodata + refused


async def test_what_is_changed_and_removed_follows(service: DnsService, zones_db: Database, dns_config: Config) -> None:
    """New name servers, new glue, a hold, its end: each is answered soon, each under a later serial."""
    name = f"foo.{GOV}"
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
        await put_host(conn, "ns2.example.com")
    await register(zones_db, name, servers=["ns1.example.com"])
    await expect(dns_config, name, "ns1.example.com.")
    serials = [await serial(dns_config)]

    async with zones_db.transaction() as conn:
        await put_host(conn, f"ns.{name}", ["192.0.2.1"])
        await delegate(conn, name, ["ns2.example.com", f"ns.{name}"])
        await tell_domain(conn, "updated", name)
    wake(zones_db)
    await expect(dns_config, name, "192.0.2.1")
    assert "ns1.example.com" not in await dig(dns_config, name, "NS")
    serials.append(await serial(dns_config))

    async with zones_db.transaction() as conn:
        await conn.execute("update host set addresses = '{192.0.2.2}' where name = $1", f"ns.{name}")
        await tell_host(conn, "updated", f"ns.{name}")
    wake(zones_db)
    await expect(dns_config, name, "192.0.2.2")
    serials.append(await serial(dns_config))

    for statuses, present in (("{serverHold}", False), ("{}", True)):
        async with zones_db.transaction() as conn:
            await conn.execute("update domain set statuses = $2::text::text[] where name = $1", name, statuses)
            await tell_domain(conn, "updated", name)
        wake(zones_db)
        await expect(dns_config, name, "192.0.2.2", present=present)
        serials.append(await serial(dns_config))

    assert serials == sorted(set(serials))


async def serial(config: Config) -> int:
    """The serial that dig sees."""
    return int((await dig(config, GOV, "SOA", "+short")).split()[2])


async def test_a_change_that_changes_nothing_in_the_zone_keeps_the_serial(
    service: DnsService, zones_db: Database, dns_config: Config
) -> None:
    """A renewal is told of on the feed and does not wake the secondaries."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    await register(zones_db, f"foo.{GOV}", servers=["ns1.example.com"])
    await expect(dns_config, f"foo.{GOV}", "ns1.example.com.")
    before = await serial(dns_config)
    async with zones_db.transaction() as conn:
        await tell_domain(conn, "renewed", f"foo.{GOV}")
    await register(zones_db, f"bar.{ORG}", servers=["ns1.example.com"])
    await expect(dns_config, f"bar.{ORG}", "ns1.example.com.")

    assert await serial(dns_config) == before


async def test_a_restarted_service_answers_what_was_committed_meanwhile(
    zones_db: Database, dns_config: Config, clock: FakeClock
) -> None:
    """After a restart the zone is complete and its serial is later."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    first = create(Parts(dns_config, zones_db, clock))
    await first.start()
    before = await serial(dns_config)
    await first.drain()
    await first.close()
    await register(zones_db, f"foo.{GOV}", servers=["ns1.example.com"])
    second = create(Parts(dns_config, zones_db, clock))
    await second.start()
    try:
        assert second.ready()
        assert "ns1.example.com." in await dig(dns_config, f"foo.{GOV}", "NS")
        assert await serial(dns_config) > before
    finally:
        await second.drain()
        await second.close()


async def test_answers_go_on_while_the_database_cuts_every_connection(
    service: DnsService, zones_db: Database, dns_config: Config
) -> None:
    """Connections lost, answers from memory; what is committed afterwards is caught up without anybody's help."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    await zones_db.fetch(cut)
    assert "status: NOERROR" in await dig(dns_config, GOV, "SOA")
    await register(zones_db, f"foo.{GOV}", servers=["ns1.example.com"])

    await expect(dns_config, f"foo.{GOV}", "ns1.example.com.")
    assert service.ready()


async def test_a_new_zone_is_served_when_its_first_name_is(
    service: DnsService, zones_db: Database, dns_config: Config
) -> None:
    """A TLD that was added while the service runs is loaded with the first change that speaks of it."""
    await zones_db.execute(
        "insert into tld (name, unicode, tld_set, table_id, created_at) values ('zz--main-1234', 'zz--main-1234', 'zz', 'zh', now())"
    )
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    await register(zones_db, "foo.zz--main-1234", servers=["ns1.example.com"])

    await expect(dns_config, "foo.zz--main-1234", "ns1.example.com.")


async def test_commit_to_answer_is_quick_under_a_stream_of_commits(
    service: DnsService, zones_db: Database, dns_config: Config
) -> None:
    """Two hundred creates one after the other: the slowest is in the answering zone within a second of its commit."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    zone = service.follower.zones[b"\x0bxn--zfr164b\0"]
    delays = []
    for number in range(200):
        await register(zones_db, f"n{number}.{GOV}", servers=["ns1.example.com"])
        committed = time.perf_counter()
        while f"n{number}".encode() not in {label[1:] for label in zone.entries}:
            await asyncio.sleep(0.001)
            assert time.perf_counter() - committed < 10
        delays.append(time.perf_counter() - committed)

    assert sorted(delays)[197] < 1.0


async def test_a_port_that_is_taken_is_said_at_start(zones_db: Database, dns_config: Config, clock: FakeClock) -> None:
    """A service that cannot bind does not claim to run."""
    other = replace(dns_config, address="192.0.2.1")
    made = create(Parts(other, zones_db, clock))
    try:
        await made.start()
    except OSError:
        assert not made.ready()
    else:
        raise AssertionError("it bound an address that this machine does not have")
    finally:
        await made.close()
