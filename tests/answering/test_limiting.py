"""Response rate limiting: floods of like answers to one network are cut, and nobody else notices."""

from ipaddress import ip_network

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import pytest

from resolver.chain.cookies import Cookies
from resolver.chain.limiting import MAX_ACCOUNTS, MAX_NETWORKS, Limiter
from resolver.chain.options import COOKIE, Manners
from resolver.chain.responder import Responder
from resolver.zone.zone import Zone
from tests.resolver.made import DIGEST, GOV, ask, delegation, make_zones

RATE = 20
COOKIES = Cookies(b"k" * 32, 1_750_000_000)
MANNERS = Manners(b"ns1", COOKIES)
VICTIM, NEIGHBOUR, OTHER = bytes((192, 0, 2, 7)), bytes((192, 0, 2, 200)), bytes((198, 51, 100, 7))


@pytest.fixture(scope="module")
def zones() -> dict[bytes, Zone]:
    """A signed zone with a few names."""
    names = [delegation(f"n{number}", ["ns.example"], ds=[(1, 13, 2, DIGEST)]) for number in range(300)]
    return make_zones(names, signed=True)


def responder(zones: dict[bytes, Zone], limiter: Limiter) -> Responder:
    return Responder(zones, "udp", MANNERS, limiter=limiter)


def flood(door: Responder, packets: list[bytes], client: bytes) -> list[bytes | None]:
    return [door.answer(packet, client) for packet in packets]


def is_short(said: bytes | None) -> bool:
    return said is not None and bool(said[2] & 0x02)


def test_a_flood_of_one_answer_is_cut_and_every_second_one_leads_to_tcp(zones: dict[bytes, Zone]) -> None:
    """In the second after the first: the rate passes, half of the rest is truncated, half is silence."""
    limiter = Limiter(RATE, 2)
    door = responder(zones, limiter)
    packet = ask(f"n1.{GOV}", edns=0, do=True)
    flood(door, [packet] * 300, VICTIM)
    limiter.tick()
    limiter.tick()
    said = flood(door, [packet] * 1020, VICTIM)
    whole = sum(each is not None and not is_short(each) for each in said)
    short = [each for each in said if is_short(each)]

    assert whole <= 2 * RATE
    assert abs(len(short) - 490) <= RATE
    assert abs(sum(each is None for each in said) - 490) <= RATE
    message = dns.message.from_wire(short[0] or b"")
    assert message.flags & dns.flags.TC
    assert message.edns == 0
    assert not any(message.sections[1:])
    assert all(len(each or b"") < len(packet) + 20 for each in short)


@pytest.mark.parametrize(
    ("what", "packets"),
    [
        ("names that do not exist", [ask(f"a{number}.no{number}.{GOV}", edns=0, do=True) for number in range(400)]),
        ("names below one delegation", [ask(f"a{number}.n1.{GOV}", edns=0, do=True) for number in range(400)]),
        ("refusals", [ask(f"a{number}.example", edns=0) for number in range(400)]),
        ("our keys", [ask(GOV, "DNSKEY", edns=0, do=True)] * 400),
    ],
)
def test_answers_that_are_alike_are_one_account(zones: dict[bytes, Zone], what: str, packets: list[bytes]) -> None:
    """Random names do not get around the limit: NXDOMAIN counts by zone, referrals by delegation, errors together."""
    limiter = Limiter(RATE, 2)
    door = responder(zones, limiter)
    flood(door, packets, VICTIM)
    limiter.tick()
    said = flood(door, packets, NEIGHBOUR)

    assert sum(each is not None and not is_short(each) for each in said) <= 2 * RATE, what


def test_a_busy_resolver_that_asks_for_different_names_is_not_limited(zones: dict[bytes, Zone]) -> None:
    """Three hundred delegations a second are three hundred accounts."""
    limiter = Limiter(RATE, 2)
    door = responder(zones, limiter)
    packets = [ask(f"www.n{number}.{GOV}", edns=0) for number in range(300)]
    for _ in range(5):
        assert not any(each is None or is_short(each) for each in flood(door, packets, VICTIM))
        limiter.tick()


def test_other_networks_are_answered_while_one_is_flooded(zones: dict[bytes, Zone]) -> None:
    """A /24 is one network, the next is another; of IPv6 a /56."""
    limiter = Limiter(RATE, 2)
    door = responder(zones, limiter)
    packet = ask(f"n1.{GOV}")
    flood(door, [packet] * 500, VICTIM)

    assert sum(each is None for each in flood(door, [packet] * 10, NEIGHBOUR))
    assert not any(each is None or is_short(each) for each in flood(door, [packet] * RATE, OTHER))
    six, near, far = (bytes.fromhex(f"20010db80000{net}{0:016x}") for net in ("0000", "00ff", "0100"))
    flood(door, [packet] * 500, six)
    assert sum(each is None for each in flood(door, [packet] * 10, near))
    assert not any(each is None for each in flood(door, [packet] * 10, far))


def test_a_flood_that_ends_is_forgiven_within_two_seconds(zones: dict[bytes, Zone]) -> None:
    """The bucket leaks: nobody is punished for yesterday."""
    limiter = Limiter(RATE, 2)
    door = responder(zones, limiter)
    packet = ask(f"n1.{GOV}")
    flood(door, [packet] * 5000, VICTIM)
    for _ in range(3):
        limiter.tick()

    assert not any(each is None or is_short(each) for each in flood(door, [packet] * RATE, VICTIM))


def test_a_good_cookie_is_never_limited_and_a_bad_one_learns_a_good_one(zones: dict[bytes, Zone]) -> None:
    """Over the limit who shows a cookie of ours is answered; who shows another gets BADCOOKIE with one that is good (RFC 7873 section 5.2.3)."""
    limiter = Limiter(RATE, 2, cookies=COOKIES)
    door = responder(zones, limiter)
    flood(door, [ask(f"n1.{GOV}", edns=0)] * 1000, VICTIM)
    query = dns.message.make_query(f"n1.{GOV}", "A", use_edns=0, options=[dns.edns.GenericOption(COOKIE, b"12345678")])
    said = [each for each in flood(door, [query.to_wire()] * 10, VICTIM) if each]
    message = dns.message.from_wire(said[0])
    assert message.rcode() == dns.rcode.BADCOOKIE
    assert not any(message.sections[1:])
    cookie = message.options[0].to_wire()
    query.use_edns(0, options=[dns.edns.GenericOption(COOKIE, cookie)])

    again = flood(door, [query.to_wire()] * 200, VICTIM)
    assert all(each is not None and each[3] & 0xF == 0 and not is_short(each) for each in again)


def test_exempt_networks_and_a_limit_of_nothing(zones: dict[bytes, Zone]) -> None:
    """The operator's own networks are never limited; slip 0 means silence only."""
    packet = ask(f"n1.{GOV}")
    door = responder(zones, Limiter(RATE, 2, [ip_network("192.0.2.0/24")]))
    assert not any(each is None or is_short(each) for each in flood(door, [packet] * 1000, VICTIM))
    limiter = Limiter(RATE, 0)
    door = responder(zones, limiter)
    flood(door, [packet] * 1000, VICTIM)
    assert not any(is_short(each) for each in flood(door, [packet] * 100, VICTIM))


def test_forged_addresses_without_number_fill_nothing(zones: dict[bytes, Zone]) -> None:
    """Sixty thousand networks, and as many names from one network: both tables stay within their bounds."""
    limiter = Limiter(1, 2)
    door = responder(zones, limiter)
    packet = ask(f"n1.{GOV}")
    for number in range(60_000):
        door.answer(packet, number.to_bytes(3, "big") + b"\1")
        door.answer(packet, number.to_bytes(3, "big") + b"\1")
        if number % 50_000 == 0:
            limiter.tick()
    assert len(limiter.seen) <= MAX_NETWORKS + 1
    assert len(limiter._accounts) <= MAX_ACCOUNTS


@pytest.mark.parametrize(
    "packet", [b"\0" * 12, ask("x")[:12] + b"\xc0\x0c\0\1\0\1", ask(GOV, edns=0)[:-1] + b"\5", ask(".", "NS")]
)
def test_odd_questions_over_the_limit_do_not_raise(zones: dict[bytes, Zone], packet: bytes) -> None:
    """What is malformed or has no name is limited as well as anything."""
    door = responder(zones, Limiter(RATE, 1, cookies=COOKIES))
    said = flood(door, [packet] * 200, VICTIM)

    assert all(each is None or each[:2] == packet[:2] for each in said)
