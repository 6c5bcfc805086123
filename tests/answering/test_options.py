"""EDNS options in the answers: cookies, name of the server, version of the zone, keepalive, padding; by the RFCs' own numbers and by dig and kdig."""

import asyncio
from ipaddress import ip_address

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import pytest

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Refusal
from registry.kernel.service import Parts
from registry.kernel.tls import issue, make_authority
from resolver.chain import fast, slow
from resolver.chain.cookies import PERIOD_SECONDS, Cookies
from resolver.chain.options import COOKIE, KEEPALIVE, NSID, PADDING, ZONEVERSION, Manners, read
from resolver.service import DnsService, create
from resolver.transport.doors import cookie_key
from resolver.zone.zone import Zone
from tests.resolver.conftest import run
from tests.resolver.made import DIGEST, GOV, delegation, make_zones

CLIENT = bytes((192, 0, 2, 7))
NOW = 1_750_000_000
COOKIES = Cookies(b"k" * 32, NOW)


@pytest.fixture(scope="module")
def zones() -> dict[bytes, Zone]:
    """A signed zone with a few names."""
    return make_zones([delegation("foo", ["ns.example"], ds=[(1, 13, 2, DIGEST)])], serial=4711, signed=True)


def asked(name: str, *options: dns.edns.Option, kind: str = "A", do: bool = False) -> bytes:
    query = dns.message.make_query(name, kind, use_edns=0, payload=1232, options=list(options), want_dnssec=do)
    query.flags = 0
    return query.to_wire()


def said(packet: bytes, zones: dict[bytes, Zone], manners: Manners, *, over_udp: bool = True) -> dns.message.Message:
    """What both paths say; they must agree, and the packed path must speak."""
    quickly = fast.answer(packet, zones, manners, CLIENT, over_udp=over_udp)
    slowly = slow.answer(packet, zones, manners, CLIENT, over_udp=over_udp)
    assert quickly is not None
    assert slowly is not None
    message, other = dns.message.from_wire(quickly), dns.message.from_wire(slowly)
    assert [each.to_wire() for each in message.options] == [each.to_wire() for each in other.options]
    assert len(quickly) == len(slowly)
    return message


def option(message: dns.message.Message, code: int) -> bytes | None:
    found = [each.to_wire() for each in message.options if each.otype == code]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("secret", "address", "at", "came", "went"),
    [
        ("e5e973e5a6b2a43f48e7dc849e37bfcf", "198.51.100.100", 1559731985, "2464c4abcf10c957",
         "2464c4abcf10c957010000005cf79f111f8130c3eee29480"),
        ("e5e973e5a6b2a43f48e7dc849e37bfcf", "198.51.100.100", 1559734385,
         "2464c4abcf10c957010000005cf79f111f8130c3eee29480", "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"),
        ("445536bcd2513298075a5d379663c962", "2001:db8:220:1:59de:d0f4:8769:82b8", 1559741961, "22681ab97d52c298",
         "22681ab97d52c298010000005cf7c609a6bb79d16625507a"),
    ],
)  # fmt: skip
def test_cookies_are_those_of_the_rfc(
    secret: str, address: str, at: int, came: str, went: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 9018 appendix A: a first cookie, the renewal of one that is older than half an hour, and one over IPv6."""
    monkeypatch.setattr(Cookies, "_secret", lambda _self, _period: bytes.fromhex(secret))
    cookies = Cookies(bytes(32), at)

    assert cookies.answer(bytes.fromhex(came), ip_address(address).packed).hex() == went


def test_a_fresh_cookie_is_echoed_and_a_strangers_is_not_taken() -> None:
    """Good for its client for an hour; not for another address, not after, not with one bit changed, not with another key."""
    cookie = COOKIES.answer(b"12345678", CLIENT)

    assert COOKIES.answer(cookie, CLIENT) == cookie
    assert COOKIES.is_good(cookie, CLIENT)
    assert not COOKIES.is_good(cookie, bytes((192, 0, 2, 8)))
    assert not COOKIES.is_good(cookie[:-1] + bytes((cookie[-1] ^ 1,)), CLIENT)
    assert not Cookies(b"j" * 32, NOW).is_good(cookie, CLIENT)
    assert not COOKIES.is_good(b"12345678", CLIENT)
    for age, good in ((0, True), (3600, True), (3601, False), (-300, True), (-301, False)):
        assert Cookies(b"k" * 32, NOW + age).is_good(cookie, CLIENT) is good, age


def test_the_secret_changes_and_cookies_made_before_stay_good() -> None:
    """Across the change of a period a cookie of the period before is known; two periods later the secret is forgotten."""
    end = (NOW // PERIOD_SECONDS + 1) * PERIOD_SECONDS
    before, after = Cookies(b"k" * 32, end - 10), Cookies(b"k" * 32, end + 10)
    cookie = before.answer(b"12345678", CLIENT)

    assert after.is_good(cookie, CLIENT)
    assert before.is_good(after.answer(b"12345678", CLIENT), CLIENT)
    assert after.answer(b"12345678", CLIENT)[16:] != cookie[16:]
    after.advance(end + 10 + 2 * PERIOD_SECONDS)
    assert (
        after.age(cookie[:12] + ((end + 2 * PERIOD_SECONDS) & 0xFFFFFFFF).to_bytes(4, "big") + cookie[16:], CLIENT)
        is None
    )


def test_a_client_gets_its_cookie_with_any_answer(zones: dict[bytes, Zone]) -> None:
    """Referral, NXDOMAIN and refusal carry the server's cookie; without cookies at this door the option is ignored."""
    for name in (f"foo.{GOV}", f"no.{GOV}", "example.com"):
        packet = asked(name, dns.edns.GenericOption(COOKIE, b"12345678"))
        got = option(said(packet, zones, Manners(cookies=COOKIES)), COOKIE)
        assert got is not None
        assert COOKIES.is_good(got, CLIENT)
        assert option(said(packet, zones, Manners()), COOKIE) is None


def test_a_cookie_without_a_question_is_answered(zones: dict[bytes, Zone]) -> None:
    """QDCOUNT 0 with a cookie is how a client asks for one (RFC 7873 section 5.4); without it, or without cookies here, it is FORMERR."""
    query = dns.message.Message()
    query.use_edns(0, options=[dns.edns.GenericOption(COOKIE, b"12345678")])
    packet = query.to_wire()
    good = slow.answer(packet, zones, Manners(cookies=COOKIES), CLIENT, over_udp=True)
    bad = slow.answer(packet, zones, Manners(), CLIENT, over_udp=True)

    assert good is not None
    assert bad is not None
    message = dns.message.from_wire(good)
    assert message.rcode() == dns.rcode.NOERROR
    assert COOKIES.is_good(option(message, COOKIE) or b"", CLIENT)
    assert dns.message.from_wire(bad).rcode() == dns.rcode.FORMERR


@pytest.mark.parametrize("size", [0, 1, 7, 9, 15, 41])
def test_a_cookie_of_a_wrong_length_is_formerr(zones: dict[bytes, Zone], size: int) -> None:
    """8 octets, or 16 to 40 (RFC 7873 section 5.2.2)."""
    packet = asked(f"foo.{GOV}", dns.edns.GenericOption(COOKIE, b"x" * size))
    octets = slow.answer(packet, zones, Manners(cookies=COOKIES), CLIENT, over_udp=True)

    assert fast.answer(packet, zones, Manners(cookies=COOKIES), CLIENT) is None
    assert octets is not None
    assert octets[3] & 0xF == dns.rcode.FORMERR


def test_the_first_of_several_cookies_counts() -> None:
    """RFC 7873 section 5.2."""
    two = b"".join(
        code.to_bytes(2, "big") + b"\0\x08" + data for code, data in ((COOKIE, b"A" * 8), (COOKIE, b"B" * 8))
    )
    wanted = read(two)

    assert wanted is not None
    assert wanted.cookie == b"A" * 8


def test_the_version_of_the_zone_comes_to_those_who_ask(zones: dict[bytes, Zone]) -> None:
    """One label and the serial, with referrals, answers and NXDOMAIN, and not for what is none of ours (RFC 9660 section 3.2)."""
    for name in (GOV, f"www.foo.{GOV}", f"no.{GOV}"):
        message = said(asked(name, dns.edns.GenericOption(ZONEVERSION, b"")), zones, Manners())
        assert option(message, ZONEVERSION) == b"\1\0" + (4711).to_bytes(4, "big")
        assert option(said(asked(name), zones, Manners()), ZONEVERSION) is None
    assert (
        option(said(asked("example.com", dns.edns.GenericOption(ZONEVERSION, b"")), zones, Manners()), ZONEVERSION)
        is None
    )


def test_the_name_of_the_server_comes_to_those_who_ask(zones: dict[bytes, Zone]) -> None:
    """RFC 5001: only asked for, only when there is one."""
    packet = asked(GOV, dns.edns.GenericOption(NSID, b""), kind="SOA")

    assert option(said(packet, zones, Manners(nsid=b"ns1.bj")), NSID) == b"ns1.bj"
    assert option(said(packet, zones, Manners()), NSID) is None
    assert option(said(asked(GOV), zones, Manners(nsid=b"ns1.bj")), NSID) is None


def test_keepalive_is_told_on_connections_only(zones: dict[bytes, Zone]) -> None:
    """RFC 7828 section 3.3: the idle time in tenths of a second over TCP, nothing over UDP."""
    packet = asked(GOV, dns.edns.GenericOption(KEEPALIVE, b""), kind="SOA")

    assert option(said(packet, zones, Manners(idle_tenths=100), over_udp=False), KEEPALIVE) == b"\0\x64"
    assert option(said(packet, zones, Manners()), KEEPALIVE) is None


@pytest.mark.parametrize("name", [GOV, f"www.foo.{GOV}", f"no.{GOV}", "example.com"])
def test_encrypted_answers_are_padded_to_whole_blocks(zones: dict[bytes, Zone], name: str) -> None:
    """Blocks of 468 octets for those who pad (RFC 8467 section 4.1), on encrypted transports only (RFC 7830 section 6)."""
    encrypted, clear = Manners(b"ns1", COOKIES, 100, is_encrypted=True), Manners(b"ns1", COOKIES, 100)
    packet = asked(
        name, dns.edns.GenericOption(PADDING, b"\0" * 20), dns.edns.GenericOption(COOKIE, b"12345678"), do=True
    )
    octets = fast.answer(packet, zones, encrypted, CLIENT, over_udp=False)

    assert octets is not None
    assert len(octets) % 468 == 0
    assert not any(option(said(packet, zones, encrypted, over_udp=False), PADDING) or b"x")
    assert option(said(packet, zones, clear, over_udp=False), PADDING) is None
    assert option(said(asked(name), zones, encrypted, over_udp=False), PADDING) is None


def test_the_usual_options_stay_on_the_packed_path(zones: dict[bytes, Zone]) -> None:
    """What dig and every common resolver send is answered without parsing into objects; subnets and errors in questions are not."""
    for code, data in (
        (NSID, b""),
        (COOKIE, b"12345678"),
        (KEEPALIVE, b""),
        (PADDING, b"\0" * 9),
        (ZONEVERSION, b""),
        (65001, b"x"),
    ):
        assert fast.answer(asked(GOV, dns.edns.GenericOption(code, data)), zones, Manners(), CLIENT) is not None, code
    for code in (8, 15, 18):
        assert fast.answer(asked(GOV, dns.edns.GenericOption(code, b"")), zones, Manners(), CLIENT) is None, code


def test_the_key_of_the_cookies_is_made_once_and_must_be_whole(config: Config) -> None:
    """64 hexadecimal digits, readable by us only; another file is refused, not used."""
    key = cookie_key(config)

    assert len(key) == 32
    assert cookie_key(config) == key
    assert config.secret("dns-cookies.key").stat().st_mode & 0o077 == 0
    config.secret("dns-cookies.key").write_text("short")
    with pytest.raises(Refusal):
        cookie_key(config)


async def dig(config: Config, *words: str) -> str:
    return await run("dig", "+noidnin", "+noidnout", "@127.0.0.1", "-p", str(config.port("dns")), *words)


async def test_dig_sees_a_good_cookie_and_the_options(service: DnsService, dns_config: Config) -> None:
    """BIND's dig keeps asking with the cookie that it got and finds it good; name and keepalive are as it expects them."""
    first = await dig(dns_config, GOV, "SOA", "+cookie", "+nsid", "+norec")
    cookie = first.split("COOKIE: ")[1].split()[0]
    again = await dig(dns_config, GOV, "SOA", f"+cookie={cookie}", "+norec")
    over_tcp = await dig(dns_config, GOV, "SOA", "+tcp", "+keepalive", "+norec")

    assert f"COOKIE: {cookie} (good)" in again
    assert "NSID: " in first
    assert "TCP KEEPALIVE: 10.0" in over_tcp or "TCP-KEEPALIVE: 10.0" in over_tcp
    assert "WARNING" not in first + again + over_tcp


async def test_kdig_sees_padding_over_tls(zones_db: Database, dns_config: Config) -> None:
    """DNS over TLS, padded; the whole message is a number of blocks."""
    clock = SystemClock()
    pair = issue(make_authority("test", clock.now()), "dns", clock.now(), server_names=("127.0.0.1",))
    pair.write(dns_config.secret("server.pem"), dns_config.secret("server.key"))
    made = create(Parts(dns_config, zones_db, clock))
    await made.start()
    try:
        where = ("@127.0.0.1", "-p", str(dns_config.port("dot")))
        padded = await run("kdig", "+noidn", "+tls", "+padding=128", "+nsid", *where, GOV, "SOA")
        plain = await run(
            "kdig", "+noidn", "+tcp", "+padding=128", "@127.0.0.1", "-p", str(dns_config.port("dns")), GOV, "SOA"
        )
    finally:
        await made.drain()
        await made.close()

    assert "PADDING" in padded
    assert int(padded.split("Received ")[1].split()[0]) % 468 == 0
    assert "PADDING" not in plain.split("Received ")[0].split("ANSWER SECTION")[0]
    await asyncio.sleep(0)
