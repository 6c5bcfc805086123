"""Signed answers, judged by validators that others wrote."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import dns.dnssec
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import pytest
from aiohttp import ClientSession, web

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.service import Parts
from registry.kernel.tls import issue, make_authority
from registry.kernel.web.app import Context
from resolver.chain import fast, slow
from resolver.service import DnsService, create
from resolver.signing.keys import zone_key
from resolver.signing.nsec3 import bitmap, hash_of, label_of
from resolver.signing.signing import LIFE_SECONDS, REFRESH_SECONDS
from resolver.transport.doh import routes
from resolver.zone.records import to_wire
from resolver.zone.zone import Zone
from tests.kit.clock import FakeClock
from tests.resolver.conftest import run
from tests.resolver.made import DIGEST, GOV, KEY, ask, delegation, make_zones
from tests.resolver.register import put_host, register


@pytest.fixture
async def live(zones_db: Database, dns_config: Config) -> AsyncIterator[DnsService]:
    """The service on the machine's clock, since validators look at theirs; a signed and an unsigned name in it."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
    await register(zones_db, f"plain.{GOV}", servers=["ns1.example.com"])
    await register(zones_db, f"signed.{GOV}", servers=["ns1.example.com"], ds=[(4711, 13, 2, DIGEST)])
    made = create(Parts(dns_config, zones_db, SystemClock()))
    await made.start()
    yield made
    await made.drain()
    await made.close()


@pytest.mark.parametrize(
    ("name", "kind", "verdict"),
    [
        (GOV, "SOA", "fully validated"),
        (GOV, "NS", "fully validated"),
        (GOV, "DNSKEY", "fully validated"),
        (GOV, "NSEC3PARAM", "fully validated"),
        (f"nic.{GOV}", "A", "fully validated"),
        (f"signed.{GOV}", "DS", "fully validated"),
        (f"plain.{GOV}", "DS", "negative response, fully validated"),
        (GOV, "TXT", "negative response, fully validated"),
        (f"nic.{GOV}", "MX", "negative response, fully validated"),
        (f"nothing.{GOV}", "A", "negative response, "),
        (f"a.b.nothing.{GOV}", "A", "negative response, "),
        (f"nothing.nic.{GOV}", "A", "negative response, "),
    ],
)
async def test_delv_validates(
    live: DnsService, dns_config: Config, tmp_path: Path, name: str, kind: str, verdict: str
) -> None:
    """BIND's validator accepts answers and proofs of absence from the zone's key as its only anchor.

    A name that does not exist in a zone with opt-out is proved "unsigned or not there", so there the verdict is open.
    """
    key = zone_key(dns_config, GOV)
    flags, protocol, algorithm = int.from_bytes(key.rdata[:2], "big"), key.rdata[2], key.rdata[3]
    anchor = tmp_path / "anchor"
    public = dns.rdata.from_wire("IN", "DNSKEY", key.rdata, 0, len(key.rdata)).to_text().split()[3:]
    anchor.write_text(f'trust-anchors {{ "{GOV}." static-key {flags} {protocol} {algorithm} "{"".join(public)}"; }};\n')
    said = await run(
        "delv", "@127.0.0.1", "-p", str(dns_config.port("dns")), "-a", str(anchor), f"+root={GOV}", name, kind
    )

    assert verdict in said
    assert "resolution failed: broken" not in said


def everything(message: dns.message.Message) -> list[dns.rrset.RRset]:
    return [*message.answer, *message.authority, *message.additional]


@pytest.fixture(scope="module")
def zones() -> dict[bytes, Zone]:
    """Names with and without DS, with glue, and enough of them that proofs have different records."""
    glued = delegation("glued", [f"ns1.glued.{GOV}"], {f"ns1.glued.{GOV}": ["192.0.2.1"]}, [(1, 13, 2, DIGEST)])
    many = [delegation(f"s{n}", ["ns1.example.com"], ds=[(n, 13, 2, DIGEST)]) for n in range(20)]
    return make_zones([glued, delegation("plain", ["ns1.example.com"]), *many], signed=True)


QUESTIONS = [(GOV, "SOA"), (GOV, "NS"), (GOV, "A"), (GOV, "ANY"), (f"nic.{GOV}", "A"), (f"x.nic.{GOV}", "A"), (f"no.{GOV}", "A"),
             (f"a.no.{GOV}", "DS"), (f"plain.{GOV}", "DS"), (f"www.plain.{GOV}", "A"), (f"www.glued.{GOV}", "A"), (f"s3.{GOV}", "DS"),
             (GOV, "DNSKEY"), (GOV, "RRSIG")]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), QUESTIONS)
def test_every_set_that_is_ours_carries_a_signature_that_verifies(
    zones: dict[bytes, Zone], name: str, kind: str
) -> None:
    """Authoritative sets verify against the DNSKEY; delegation NS and glue are not signed (RFC 4035 section 2.2)."""
    octets = slow.answer(ask(name, kind, edns=0, do=True), zones, over_udp=True)
    assert octets is not None
    message = dns.message.from_wire(octets)
    keys = {dns.name.from_text(GOV): dns.rrset.from_text(GOV + ".", 3600, "IN", "DNSKEY", key_text())}
    signatures = {(each.name, each.covers): each for each in everything(message) if each.rdtype == dns.rdatatype.RRSIG}
    now = zones[to_wire(GOV)].signing
    assert now is not None
    for each in everything(message):
        if each.rdtype == dns.rdatatype.RRSIG:
            continue
        is_ours = each.rdtype not in (dns.rdatatype.NS, dns.rdatatype.A, dns.rdatatype.AAAA) or not is_below_cut(each)
        assert ((each.name, each.rdtype) in signatures) == is_ours
        if is_ours:
            dns.dnssec.validate(each, signatures[each.name, each.rdtype], keys, now=now.now)


def key_text() -> str:
    return dns.rdata.from_wire("IN", "DNSKEY", KEY.rdata, 0, len(KEY.rdata)).to_text()


def is_below_cut(each: dns.rrset.RRset) -> bool:
    return each.name != dns.name.from_text(GOV) and b"nic" not in each.name.labels


def test_questions_with_do_take_the_packed_path(zones: dict[bytes, Zone]) -> None:
    """Signed referrals, insecure referrals, answers and NXDOMAIN are answered without parsing."""
    for name, kind in (
        (f"www.s3.{GOV}", "A"),
        (f"www.plain.{GOV}", "A"),
        (GOV, "SOA"),
        (GOV, "DNSKEY"),
        (f"no.{GOV}", "A"),
        (GOV, "A"),
    ):
        assert fast.answer(ask(name, kind, edns=0, do=True), zones) is not None, (name, kind)


def test_a_signed_denial_fits_a_datagram(zones: dict[bytes, Zone]) -> None:
    """NXDOMAIN with three NSEC3 records for the longest name stays within 1232 octets."""
    name = ".".join(["a" * 63] * 3 + ["b" * 40]) + f".{GOV}"
    octets = fast.answer(ask(name, edns=0, do=True), zones)

    assert octets is not None
    assert not octets[2] & 0x02
    assert len(octets) <= 1232


def test_without_do_no_signature_is_sent(zones: dict[bytes, Zone]) -> None:
    """DNSSEC records come only to those who ask for them (RFC 4035 section 3.1)."""
    for name, kind in QUESTIONS[:-1]:
        octets = slow.answer(ask(name, kind, edns=0), zones, over_udp=True)
        assert octets is not None
        kinds = {each.rdtype for each in everything(dns.message.from_wire(octets))}
        assert not kinds & {dns.rdatatype.RRSIG, dns.rdatatype.NSEC3}


def test_a_signature_is_replaced_when_half_of_its_life_is_over(clock: FakeClock) -> None:
    """The same question is answered with the same signature for days, then with a new one, never with one that ran out."""
    zones = make_zones(signed=True)
    signing = zones[to_wire(GOV)].signing
    assert signing is not None
    start, expirations = signing.now, []
    for day in range(0, 40, 2):
        signing.now = start + day * 86400
        octets = fast.answer(ask(GOV, "SOA", edns=0, do=True), zones)
        assert octets is not None
        signature = dns.message.from_wire(octets).answer[1][0]
        assert signature.inception < signing.now
        assert signature.expiration - signing.now >= REFRESH_SECONDS - 86400
        assert signature.expiration - signing.now <= LIFE_SECONDS + 86400
        expirations.append(signature.expiration)

    assert len(set(expirations)) < len(expirations) / 2


def test_nsec3_hashes_and_bitmaps_are_those_of_the_rfc() -> None:
    """Without salt and iterations the hash is plain SHA-1; a bitmap over two windows is RFC 4034 section 4.3's."""
    assert (
        label_of(hash_of(to_wire("example")))[1:] == dns.dnssec.nsec3_hash("example", None, 0, "SHA1").lower().encode()
    )
    assert bitmap(frozenset({1, 15, 46, 47, 1234})) == bytes.fromhex(
        "0006400100000003041b000000000000000000000000000000000000000000000000000020"
    )


async def test_dot_and_doh_give_the_same_answer(zones_db: Database, dns_config: Config) -> None:
    """DNS over TLS by kdig and DNS over HTTPS by GET and POST answer as UDP does."""
    clock = SystemClock()
    authority = make_authority("test", clock.now())
    pair = issue(authority, "dns", clock.now(), server_names=("127.0.0.1",))
    pair.write(dns_config.secret("server.pem"), dns_config.secret("server.key"))
    made = create(Parts(dns_config, zones_db, clock))
    await made.start()
    app = web.Application()
    app.add_routes(routes(Context(dns_config, zones_db, clock)))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", dns_config.port("web"))
    await site.start()
    url = f"http://127.0.0.1:{dns_config.port('web')}/dns-query"
    query = ask(GOV, "SOA")
    try:
        said = await run("kdig", "+noidn", "+tls", "@127.0.0.1", "-p", str(dns_config.port("dot")), GOV, "SOA")
        assert "status: NOERROR" in said
        assert "TLS" in said
        async with ClientSession() as session:
            encoded = base64.urlsafe_b64encode(query).rstrip(b"=").decode()
            async with session.get(url, params={"dns": encoded}) as got:
                by_get = await got.read()
                assert got.headers["Cache-Control"] == "max-age=3600"
            headers = {"Content-Type": "application/dns-message"}
            async with session.post(url, data=query, headers=headers) as got:
                by_post = await got.read()
                assert got.content_type == "application/dns-message"
            async with session.post(url, data=query, headers={"Content-Type": "text/plain"}) as got:
                assert got.status == 415
            for wrong in ("", "!", "AAAA", encoded[:14]):
                async with session.get(url, params={"dns": wrong}) as got:
                    assert got.status == 400
        assert by_get == by_post == slow_equal(by_get, query, made.follower.zones)
    finally:
        await runner.cleanup()
        await made.drain()
        await made.close()


def slow_equal(octets: bytes, query: bytes, zones: dict[bytes, Zone]) -> bytes:
    """``octets`` when they are what the packed path says to the query."""
    return fast.answer(query, zones, over_udp=False) or octets[:0]
