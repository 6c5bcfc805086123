"""Checks of delegations: real NSD and Knot, good and broken; and servers that misbehave in ways that those cannot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.service import Parts
from resolver.probing.asking import NetworkAsker
from resolver.probing.checking import check, check_delegation
from resolver.probing.facts import Facts, Heard, Proposal, Resolved, Seen
from resolver.probing.finding import Severity
from resolver.probing.proposals import typed
from resolver.probing.service import Probe
from tests.kit.clock import FakeClock
from tests.probing.servers import (
    CHILD,
    ONE,
    OTHER_KEY,
    TWO,
    ds_of,
    free_port,
    from_zone,
    knot,
    nsd,
    odd_server,
    signed,
    zone_text,
)
from tests.resolver.register import delegate, put_domain, put_host

NOW = datetime.now(UTC)
SERVERS = [f"ns1.{CHILD} {ONE}", f"ns2.{CHILD} {TWO}"]


@dataclass(frozen=True)
class Pair:
    """Two servers on a port, and where names outside the zone lead."""

    port: int
    names: dict[str, Resolved]

    async def codes(self, servers: list[str] = SERVERS, signers: list[str] | None = None) -> dict[str, Severity]:
        """The findings for a proposal, by code, without what every loopback pair has."""
        asker = replace(_Asker(port=self.port, anywhere=True), names=self.names)
        checked = await check(typed(CHILD, servers, signers or []), asker, SystemClock())
        return {each.code: each.severity for each in checked.findings if each.code != "no_ipv6"}


@dataclass(frozen=True)
class _Asker(NetworkAsker):
    names: dict[str, Resolved] = None  # type: ignore[assignment]  # always given

    async def resolve(self, name: str) -> Resolved:
        return self.names.get(name, Resolved(trouble="nxdomain"))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Callable[..., Pair]]:
    """Start NSD at one address and Knot at the other, each with its zone (empty: not at all)."""
    with ExitStack() as stack:

        def start(one: str, two: str) -> Pair:
            port = free_port()
            if one:
                stack.enter_context(nsd(tmp_path / "nsd", ONE, port, one))
            if two:
                stack.enter_context(knot(tmp_path / "knot", TWO, port, two))
            return Pair(port, {})

        yield start


async def test_a_good_delegation_has_no_findings(pair: Callable[..., Pair]) -> None:
    """NSD and Knot with one zone, signed, glue and DS right: nothing but that there is no IPv6 here."""
    text = signed(zone_text(), NOW)

    assert await pair(text, text).codes(signers=[ds_of()]) == {}


async def test_a_server_that_is_not_there_is_named(pair: Callable[..., Pair]) -> None:
    """Nobody at the second address: neither UDP nor TCP."""
    codes = await pair(zone_text(), "").codes()

    assert codes == {"no_udp": Severity.ERROR, "no_tcp": Severity.ERROR}


async def test_a_server_without_the_zone_is_lame(pair: Callable[..., Pair], tmp_path: Path) -> None:
    """Knot with another zone refuses."""
    made = pair(zone_text(), "")
    other = "@ 60 SOA a. b. 1 1 1 1 1\n@ 60 NS a.\n"
    with knot(tmp_path / "other", TWO, made.port, other, "other.example"):
        codes = await made.codes()

    assert codes["lame"] is Severity.ERROR


async def test_servers_that_differ_are_told(pair: Callable[..., Pair]) -> None:
    """Another serial, another SOA, another NS set."""
    other = zone_text(serial=8, more=f"@ NS ns3.{CHILD}.\nns3 A {ONE}").replace("1800 900", "3600 900")
    codes = await pair(zone_text(), other).codes()

    assert codes["serials_differ"] is Severity.WARNING
    assert codes["soas_differ"] is Severity.WARNING
    assert codes["server_sets_differ"] is Severity.ERROR
    assert codes["server_not_delegated"] is Severity.WARNING


async def test_a_server_that_the_zone_does_not_name_is_told(pair: Callable[..., Pair]) -> None:
    """Delegated to, but not in the zone's own NS records; and a name that leads nowhere, and one that is an alias."""
    made = pair(zone_text(), zone_text())
    made.names.update({"ns.elsewhere.example": Resolved((TWO,), is_alias=True)})
    codes = await made.codes([*SERVERS, "ns.elsewhere.example", "ns.nowhere.example"])

    assert codes["server_not_in_zone"] is Severity.ERROR
    assert codes["name_without_address"] is Severity.ERROR
    assert codes["name_is_alias"] is Severity.ERROR


async def test_glue_that_differs_is_told(pair: Callable[..., Pair]) -> None:
    """The zone has another address for its server."""
    codes = await pair(zone_text(one="192.0.2.1"), zone_text(one="192.0.2.1")).codes()

    assert codes == {"glue_differs": Severity.ERROR}


async def test_glue_that_is_missing_is_told(pair: Callable[..., Pair]) -> None:
    """A server below the name needs addresses."""
    codes = await pair(zone_text(), zone_text()).codes([SERVERS[0], f"ns2.{CHILD}"])

    assert codes["glue_missing"] is Severity.ERROR


async def test_ds_of_another_key_breaks_the_chain(pair: Callable[..., Pair]) -> None:
    """The only DS leads nowhere: an error; beside a good one it is a warning."""
    text = signed(zone_text(), NOW)
    made = pair(text, text)

    assert await made.codes(signers=[ds_of(OTHER_KEY)]) == {"ds_matches_no_key": Severity.ERROR}
    assert await made.codes(signers=[ds_of(), ds_of(OTHER_KEY)]) == {"ds_matches_no_key": Severity.WARNING}
    assert await made.codes() == {"ds_missing": Severity.NOTICE}
    assert (await made.codes(signers=["4711 13 1 " + "AB" * 20, ds_of()]))["ds_digest_weak"] is Severity.WARNING


async def test_ds_for_a_zone_without_keys_is_an_error(pair: Callable[..., Pair]) -> None:
    """DS and no DNSKEY: validators would see nothing of the name."""
    assert await pair(zone_text(), zone_text()).codes(signers=[ds_of()]) == {"no_keys": Severity.ERROR}


@pytest.mark.parametrize(
    ("life", "code", "severity"),
    [
        (timedelta(hours=-2), "signature_expired", Severity.ERROR),
        (timedelta(hours=2), "signature_ends_soon", Severity.WARNING),
    ],
)
async def test_signatures_that_end_are_told(
    pair: Callable[..., Pair], life: timedelta, code: str, severity: Severity
) -> None:
    """Expired, and about to."""
    text = signed(zone_text(), NOW, life=life)

    assert await pair(text, text).codes(signers=[ds_of()]) == {code: severity}


async def test_all_servers_in_one_place_are_told() -> None:
    """One address for all is an error, one network a warning, and one server is too few."""
    made = Pair(free_port(), {})
    async with odd_server(ONE, made.port, from_zone(zone_text(two=ONE))):
        assert await made.codes([f"ns1.{CHILD} {ONE}", f"ns2.{CHILD} {ONE}"]) == {"one_address": Severity.ERROR}
        assert "too_few_servers" in await made.codes([f"ns1.{CHILD} {ONE}"])
    made = Pair(free_port(), {})
    near = "127.0.1.2"
    async with (
        odd_server(ONE, made.port, from_zone(zone_text(two=near))),
        odd_server(near, made.port, from_zone(zone_text(two=near))),
    ):
        assert await made.codes([f"ns1.{CHILD} {ONE}", f"ns2.{CHILD} {near}"]) == {"one_network": Severity.WARNING}


def changed(change: Callable[[dns.message.Message, dns.message.Message], object]) -> Callable[..., object]:
    """A right server whose answers are changed."""
    right = from_zone(zone_text())

    def answer(query: dns.message.Message) -> dns.message.Message | None:
        reply = right(query)
        assert reply is not None
        return reply if change(query, reply) is not None else None

    return answer


def no_authority(_: dns.message.Message, reply: dns.message.Message) -> object:
    reply.flags &= ~dns.flags.AA
    return reply


def no_soa(query: dns.message.Message, reply: dns.message.Message) -> object:
    if query.question[0].rdtype == dns.rdatatype.SOA:
        reply.answer.clear()
    return reply


def open_resolver(query: dns.message.Message, reply: dns.message.Message) -> object:
    reply.flags |= dns.flags.RA
    if reply.rcode() == dns.rcode.REFUSED:
        reply.set_rcode(dns.rcode.NOERROR)
        reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "A", "192.0.2.80"))
    return reply


def offers_recursion(_: dns.message.Message, reply: dns.message.Message) -> object:
    reply.flags |= dns.flags.RA
    return reply


def plain_dns(_: dns.message.Message, reply: dns.message.Message) -> object:
    reply.use_edns(False)
    return reply


def silent_to_later(query: dns.message.Message, reply: dns.message.Message) -> object:
    return None if query.edns > 0 else reply


def any_version(query: dns.message.Message, reply: dns.message.Message) -> object:
    if query.edns > 0:
        reply.use_edns(0)
        reply.set_rcode(dns.rcode.NOERROR)
    return reply


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        (no_authority, "not_authoritative", Severity.ERROR),
        (no_soa, "no_soa", Severity.ERROR),
        (open_resolver, "open_resolver", Severity.ERROR),
        (offers_recursion, "recursion_offered", Severity.WARNING),
        (plain_dns, "no_edns", Severity.WARNING),
        (silent_to_later, "edns_version_dropped", Severity.WARNING),
        (any_version, "edns_version_ignored", Severity.NOTICE),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_each_misbehaviour_has_its_finding(change: Callable[..., object], code: str, severity: Severity) -> None:
    """A right server beside one that does one thing wrong: exactly that is found."""
    port = free_port()
    async with odd_server(ONE, port, from_zone(zone_text())), odd_server(TWO, port, changed(change)):
        codes = await Pair(port, {}).codes()

    assert codes == {code: severity}


async def test_a_server_without_tcp_is_an_error() -> None:
    """UDP alone is not enough (RFC 7766)."""
    port = free_port()
    right = from_zone(zone_text())
    async with odd_server(ONE, port, right), odd_server(TWO, port, right, over_tcp=False):
        assert await Pair(port, {}).codes() == {"no_tcp": Severity.ERROR}


async def test_garbage_for_an_answer_is_a_finding_and_no_fault() -> None:
    """A server that sends its question back as it came, or nothing that parses."""
    port = free_port()
    async with odd_server(ONE, port, from_zone(zone_text())), odd_server(TWO, port, lambda query: query):
        codes = await Pair(port, {}).codes()

    assert codes["no_udp"] is Severity.ERROR


async def test_addresses_inside_are_never_asked(db: Database, config: Config, clock: FakeClock) -> None:
    """Nobody points us at a machine behind our own walls: private and loopback addresses are a finding, not a question."""
    asked: list[object] = []
    port = free_port()

    def answer(query: dns.message.Message) -> None:
        asked.append(query)

    async with odd_server(ONE, port, answer):
        config = replace(config, probe=replace(config.probe, port=port))
        checked = await check_delegation(
            config, db, clock, CHILD, [f"ns1.{CHILD} {ONE} 10.0.0.1 fd00::1", f"ns2.{CHILD} 169.254.1.1"]
        )

    assert not asked
    assert sum(each.code == "address_not_public" for each in checked.findings) == 4


@pytest.mark.parametrize(
    ("servers", "signers"),
    [
        (["ns1.example 1.2.3"], []),
        (["a..b"], []),
        (["ns1.example.com"], ["x 13 2 AB"]),
        (["ns1.example.com"], ["70000 13 2 AB"]),
        (["ns1.example.com"], ["1 13 2 ABC"]),
    ],
)
async def test_what_cannot_be_read_is_refused(
    db: Database, config: Config, clock: FakeClock, servers: list[str], signers: list[str]
) -> None:
    """A bad address, name or DS record: VALUE_INVALID with the line."""
    with pytest.raises(Refusal) as caught:
        await check_delegation(config, db, clock, CHILD, servers, signers)
    assert caught.value.reason is Reason.VALUE_INVALID


async def test_a_name_without_delegation_is_not_found(db: Database, config: Config, clock: FakeClock) -> None:
    """NOT_FOUND, and the name may be typed in Chinese with its own dots."""
    with pytest.raises(Refusal) as caught:
        await check_delegation(config, db, clock, "学校。公益")
    assert caught.value.reason is Reason.NOT_FOUND
    assert caught.value.value == "xn--48s50d.xn--55qw42g" or caught.value.value.endswith(".xn--55qw42g")


async def test_a_check_that_was_asked_for_is_done_and_kept(
    zones_db: Database, dns_config: Config, clock: FakeClock, pair: Callable[..., Pair]
) -> None:
    """The row of the asker, the prober's round, and the result in the view: severity, code, place and words in two languages."""
    text = signed(zone_text(), NOW)
    port = pair(text, text).port
    servers = [{"name": f"ns1.{CHILD}", "addresses": [ONE]}, {"name": f"ns2.{CHILD}", "addresses": ["192.0.2.2"]}]
    config = replace(dns_config, probe=replace(dns_config.probe, port=port, private_addresses=True))
    await zones_db.execute(
        "insert into delegation_check values ('c1', $1, $2, $3, 'person:wang', $4)",
        CHILD,
        servers,
        [ds_of(OTHER_KEY)],
        clock.now(),
    )
    assert await Probe(Parts(config, zones_db, clock)).do_checks() == 1
    assert await Probe(Parts(config, zones_db, clock)).do_checks() == 0
    row = await zones_db.fetchrow("select done_at, findings from published.delegation_check where id = 'c1'")

    assert row is not None
    assert row["done_at"] == clock.now()
    by_code = {each["code"]: each for each in row["findings"]}
    assert {"no_udp", "ds_matches_no_key"} <= by_code.keys()
    assert by_code["no_udp"]["severity"] == "error"
    assert by_code["no_udp"]["where"] == f"ns2.{CHILD} (192.0.2.2)"
    assert by_code["no_udp"]["zh"]
    assert by_code["no_udp"]["en"]


async def test_the_registered_delegation_is_checked_by_its_name(
    zones_db: Database, dns_config: Config, pair: Callable[..., Pair]
) -> None:
    """Servers, glue and DS come from the register when nobody gives others."""
    text = signed(zone_text(), NOW)
    port = pair(text, text).port
    key_tag, algorithm, kind, digest = ds_of().split()
    async with zones_db.transaction() as conn:
        await put_domain(conn, CHILD)
        await put_host(conn, f"ns1.{CHILD}", [ONE])
        await put_host(conn, f"ns2.{CHILD}", [TWO])
        await delegate(
            conn, CHILD, [f"ns1.{CHILD}", f"ns2.{CHILD}"], [(int(key_tag), int(algorithm), int(kind), digest)]
        )
    config = replace(dns_config, probe=replace(dns_config.probe, port=port, private_addresses=True))
    checked = await check_delegation(config, zones_db, SystemClock(), CHILD)

    assert len(checked.proposal.signers) == 1
    assert [each.code for each in checked.findings] == ["no_ipv6"]
    assert not checked.has_errors


def test_nothing_heard_is_silence() -> None:
    """A question that was not put has no answer, and an address that said nothing is not judged further."""
    seen = Seen("ns", ONE, {})

    assert seen.to("soa-udp") == Heard(trouble="timeout")
    assert Facts(Proposal(CHILD, ()), NOW, (seen,)).alive == ()
