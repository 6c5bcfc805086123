"""CDS and CDNSKEY: which wishes of zones below ours are taken, and which are not."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rrset
import pytest

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from resolver.probing.asking import NetworkAsker
from resolver.probing.child_keys import Wish, signal_name
from resolver.probing.facts import Resolved
from resolver.probing.proposals import ds_text, typed
from resolver.probing.scanning import look
from resolver.probing.service import Probe
from tests.kit.clock import FakeClock
from tests.probing.servers import (
    CHILD,
    KEY,
    ONE,
    OTHER_KEY,
    TWO,
    dnskey,
    ds_of,
    free_port,
    from_zone,
    nsd,
    odd_server,
    signed,
    zone_text,
)
from tests.resolver.register import delegate, put_domain, put_host

NOW = datetime.now(UTC)
SERVERS = [f"ns1.{CHILD} {ONE}", f"ns2.{CHILD} {TWO}"]
DELETE = "@ CDS 0 0 0 00\n@ CDNSKEY 0 3 0 AA=="


def wanted(*keys: object) -> str:
    """CDS and CDNSKEY lines for these keys."""
    return "\n".join(f"@ CDS {ds_of(key)}\n@ CDNSKEY {dnskey(key).to_text()}" for key in keys)  # type: ignore[arg-type]  # keys


@dataclass(frozen=True)
class _Asker(NetworkAsker):
    async def resolve(self, name: str) -> Resolved:
        return Resolved((ONE,)) if name == "ns1.host.example" else Resolved((TWO,))


async def wish(one: str, two: str, *signers: str, servers: list[str] = SERVERS, resolver: str = "") -> Wish | None:
    """What is made of two servers' zones, with these DS at the parent."""
    port = free_port()
    asker = _Asker(port=port, anywhere=True)
    async with odd_server(ONE, port, from_zone(one)), odd_server(TWO, port, from_zone(two)):
        return await look(typed(CHILD, servers, signers), asker, resolver, NOW)


async def test_a_zone_without_such_records_wants_nothing() -> None:
    """None, and no finding."""
    text = signed(zone_text(), NOW)
    assert await wish(text, text, ds_of()) is None


async def test_a_rollover_is_taken_when_today_s_chain_signs_it() -> None:
    """Both keys in the zone and both sign, the new one wanted (RFC 7344 section 4)."""
    text = signed(zone_text(more=wanted(OTHER_KEY)), NOW, KEY, OTHER_KEY)
    found = await wish(text, text, ds_of())

    assert found is not None
    assert (found.state, found.basis) == ("wanted", "chain")
    assert [ds_text(each).lower() for each in found.signers] == [ds_of(OTHER_KEY).lower()]


async def test_what_is_there_already_is_no_wish() -> None:
    """Equal to the DS at the parent."""
    text = signed(zone_text(more=wanted(KEY)), NOW)
    found = await wish(text, text, ds_of())

    assert found is not None
    assert found.state == "equal"


async def test_a_deletion_is_taken_when_it_is_signed() -> None:
    """CDS 0 0 0 00: no DS any more (RFC 8078 section 4)."""
    text = signed(zone_text(more=DELETE), NOW)
    found = await wish(text, text, ds_of())

    assert found is not None
    assert (found.state, found.basis, found.signers) == ("wanted", "chain", ())
    without = await wish(text, text)
    assert without is not None
    assert without.state == "equal"  # there is none to delete


REFUSED: list[tuple[str, Callable[[], tuple[str, str, list[str]]]]] = [
    (
        "cds_differ",
        lambda: (signed(zone_text(more=wanted(OTHER_KEY)), NOW, KEY, OTHER_KEY), signed(zone_text(), NOW), [ds_of()]),
    ),
    ("cds_breaks_chain", lambda: (signed(zone_text(more=wanted(OTHER_KEY)), NOW),) * 2 + ([ds_of()],)),
    ("chain_broken", lambda: (signed(zone_text(more=wanted(OTHER_KEY)), NOW, OTHER_KEY),) * 2 + ([ds_of()],)),
    (
        "cds_not_cdnskey",
        lambda: (
            (
                signed(
                    zone_text(more=f"@ CDS {ds_of(OTHER_KEY)}\n@ CDNSKEY {dnskey(KEY).to_text()}"), NOW, KEY, OTHER_KEY
                ),
            )
            * 2
            + ([ds_of()],)
        ),
    ),
    (
        "cds_meaningless",
        lambda: (
            (signed(zone_text(more=wanted(OTHER_KEY) + "\n" + DELETE.splitlines()[0]), NOW, KEY, OTHER_KEY),) * 2
            + ([ds_of()],)
        ),
    ),
    ("no_keys", lambda: (zone_text(more=wanted(OTHER_KEY)),) * 2 + ([ds_of()],)),
    ("no_signal", lambda: (signed(zone_text(more=wanted(KEY)), NOW),) * 2 + ([],)),
    (
        "cds_digest_weak",
        lambda: (
            (
                signed(
                    zone_text(
                        more=f"@ CDS {dns.dnssec.key_id(dnskey(KEY))} 13 1 {'ab' * 20}\n@ CDNSKEY {dnskey(KEY).to_text()}"
                    ),
                    NOW,
                ),
            )
            * 2
            + ([ds_of(OTHER_KEY)],)
        ),
    ),
]


@pytest.mark.parametrize(("code", "made"), REFUSED, ids=[code for code, _ in REFUSED])
async def test_each_wish_that_must_not_be_taken_is_refused(
    code: str, made: Callable[[], tuple[str, str, list[str]]]
) -> None:
    """Servers that differ, a chain that would break or is broken, records that contradict each other, no proof for a first DS."""
    one, two, signers = made()
    found = await wish(one, two, *signers)

    assert found is not None
    assert found.state == "refused"
    assert [each.code for each in found.findings] == [code]


async def test_a_silent_server_stops_a_wish() -> None:
    """One of two does not answer: nothing changes until it does."""
    port = free_port()
    text = signed(zone_text(more=wanted(OTHER_KEY)), NOW, KEY, OTHER_KEY)
    async with odd_server(ONE, port, from_zone(text)):
        found = await look(typed(CHILD, SERVERS, [ds_of()]), _Asker(port=port, anywhere=True), "", NOW)

    assert found is not None
    assert [each.code for each in found.findings] == ["child_silent"]


OUTSIDE = ["ns1.host.example", "ns2.host.example"]
RESOLVER = "127.0.3.1"


@asynccontextmanager
async def signalling(port: int, lines: str, *, secure: bool = True) -> AsyncIterator[None]:
    """A validating resolver that knows the operators' signals."""

    def answer(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA | (dns.flags.AD if secure else 0)
        name, kind = query.question[0].name, query.question[0].rdtype
        if name in {dns.name.from_text(signal_name(CHILD, server) + ".") for server in OUTSIDE}:
            found = [line.split(maxsplit=2) for line in lines.splitlines()]
            texts = [rest for _, what, rest in found if what == dns.rdatatype.to_text(kind)]
            reply.answer += [dns.rrset.from_text(name, 60, "IN", kind, *texts)] if texts else []
        return reply

    async with odd_server(RESOLVER, port, answer):
        yield


async def first_ds(lines: str, *, secure: bool = True) -> Wish | None:
    port = free_port()
    text = signed(zone_text(more=wanted(KEY)), NOW)
    asker = _Asker(port=port, anywhere=True)
    async with (
        odd_server(ONE, port, from_zone(text)),
        odd_server(TWO, port, from_zone(text)),
        signalling(port, lines, secure=secure),
    ):
        return await look(typed(CHILD, OUTSIDE, []), asker, RESOLVER, NOW)


async def test_a_first_ds_is_taken_when_every_operator_signals_it() -> None:
    """RFC 9615: the same records, validated, under the name of each name server."""
    found = await first_ds(wanted(KEY))

    assert found is not None
    assert (found.state, found.basis) == ("wanted", "signal")
    assert [ds_text(each).lower() for each in found.signers] == [ds_of().lower()]


@pytest.mark.parametrize(
    ("lines", "secure", "code"),
    [
        (wanted(KEY), False, "signal_not_secure"),
        (wanted(OTHER_KEY), True, "signal_differs"),
        ("", True, "signal_differs"),
    ],
)
async def test_a_first_ds_needs_signals_that_are_secure_and_equal(lines: str, secure: bool, code: str) -> None:
    """Not validated, other records, or none."""
    found = await first_ds(lines, secure=secure)

    assert found is not None
    assert [each.code for each in found.findings] == [code]


async def test_the_walk_writes_wishes_down_and_forgets_them(
    zones_db: Database, dns_config: Config, clock: FakeClock, tmp_path: Path
) -> None:
    """NSD has a zone with a new key: the walk finds its wish, since when; when the records are gone so is the row."""
    clock.set(NOW)
    port = free_port()
    config = replace(dns_config, probe=replace(dns_config.probe, port=port, private_addresses=True))
    tag, algorithm, kind, digest = ds_of().split()
    async with zones_db.transaction() as conn:
        await put_domain(conn, CHILD)
        await put_host(conn, f"ns1.{CHILD}", [ONE])
        await delegate(conn, CHILD, [f"ns1.{CHILD}"], [(int(tag), int(algorithm), int(kind), digest)])
    probe = Probe(Parts(config, zones_db, clock))
    with nsd(tmp_path / "one", ONE, port, signed(zone_text(more=wanted(OTHER_KEY)), NOW, KEY, OTHER_KEY)):
        assert await probe.walk() == 1
        assert await probe.walk() == 1
    row = await zones_db.fetchrow(
        "select state, basis, signers, since from published.child_keys where name = $1", CHILD
    )
    assert row is not None
    assert (row["state"], row["basis"], row["since"]) == ("wanted", "chain", NOW)
    assert row["signers"] == [ds_of(OTHER_KEY).upper()]
    with nsd(tmp_path / "two", ONE, port, signed(zone_text(), NOW)):
        assert await probe.walk() == 0
    assert not await zones_db.fetchval("select count(*) from published.child_keys")
