"""The packed path and the reference chain say the same: a property over random zones and random questions."""

import dns.edns
import dns.message
import dns.rdatatype
from hypothesis import example, given, settings
from hypothesis import strategies as st

from resolver.chain import fast, slow
from resolver.chain.cookies import Cookies
from resolver.chain.options import PLAIN, Manners
from resolver.zone.delegation import Delegation
from tests.resolver.made import GOV, ORG, delegation, make_zones, meaning

LABELS = ["a", "b", "foo", "nic", "xn--fiq228c", "x" * 63, "ns1"]
KINDS = ["A", "AAAA", "NS", "SOA", "DS", "MX", "TXT", "ANY", "DNSKEY", "NSEC3", "RRSIG", "CNAME", "TYPE65280", "AXFR"]
HOSTS = [
    "ns1.{cut}",
    "a.b.{cut}",
    "{cut}",
    "ns1.a.{zone}",
    "ns1.example.com",
    "ns2.example.com",
    "example.com",
    "ns1.nic.{other}",
    "{zone}",
]
ADDRESSES = ["192.0.2.1", "192.0.2.200", "2001:db8::1", "2001:db8:ffff::2"]

CLIENT = bytes((192, 0, 2, 7))
COOKIES = Cookies(b"k" * 32, 1_750_000_000)
GOOD_COOKIE = COOKIES.answer(b"12345678", CLIENT)
MANNERS = [
    PLAIN,
    Manners(b"ns1", COOKIES),
    Manners(b"ns1", COOKIES, 100),
    Manners(b"ns1", COOKIES, 100, is_encrypted=True),
    Manners(b"n" * 128, None, None, is_encrypted=True),
]

addresses = st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=4, unique=True)
signers = st.lists(
    st.tuples(st.integers(0, 65535), st.just(13), st.just(2), st.just("ab" * 32)), max_size=2, unique=True
)


@st.composite
def delegations(draw: st.DrawFn, zone: str, other: str) -> list[Delegation]:
    """Some delegations of a zone, with in-domain, sibling, foreign and odd name servers."""
    made = []
    for owner in draw(st.lists(st.sampled_from(LABELS), unique=True, max_size=5)):
        cut = f"{owner}.{zone}"
        named = [
            host.format(cut=cut, zone=zone, other=other)
            for host in draw(st.lists(st.sampled_from(HOSTS), min_size=1, max_size=6, unique=True))
        ]
        servers = sorted(set(named))
        own = [server for server in servers if server.endswith(cut)]
        glue = {host: draw(addresses) for host in own if draw(st.booleans())}
        made.append(delegation(owner, servers, glue, draw(signers)))
    return made


@st.composite
def names(draw: st.DrawFn) -> str:
    """Names in, below, above and beside the zones, in any case."""
    if draw(st.booleans()):
        return draw(
            st.sampled_from(
                [GOV, ORG, f"nic.{GOV}", f"Ns1.niC.{GOV}", f"ns2.nic.{ORG}", f"a.nic.{GOV}", f"www.a.{GOV}"]
            )
        )
    parts = draw(st.lists(st.sampled_from([*LABELS, "www", "ns2", "q" * 63]), max_size=3))
    zone = draw(st.sampled_from([GOV, ORG, GOV, "example", "com", ""]))
    name = ".".join([*parts, zone]).strip(".") or "."
    return "".join(c.upper() if draw(st.booleans()) else c for c in name) if draw(st.booleans()) else name


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    """Questions as clients send them and as they should not."""
    edns = draw(st.sampled_from([False, 0, 0, 1]))
    options = [
        dns.edns.GenericOption(
            draw(st.sampled_from([3, 8, 10, 10, 11, 12, 15, 18, 19, 137, 65001])),
            draw(st.sampled_from([b"", b"12345678", b"12345678", b"x" * 20, GOOD_COOKIE, b"\0\1\x18\0\xc0\0\2"])),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    query = dns.message.make_query(
        draw(names()),
        draw(st.sampled_from(KINDS)),
        draw(st.sampled_from(["IN", "IN", "IN", "CH", "ANY"])),
        use_edns=edns,
        payload=draw(st.sampled_from([0, 512, 700, 1232, 4096, 65535])),
        options=options if edns is not False else None,
        ednsflags=draw(st.sampled_from([0, 0x8000, 0x7FFF])) if edns is not False else 0,
    )
    query.id = draw(st.integers(0, 65535))
    packet = bytearray(query.to_wire())
    packet[2] = draw(st.sampled_from([0, 1, 1, 2, 4, 0x20, 0x80, 0x7B]))
    packet[3] = draw(st.sampled_from([0, 0, 0x10, 0x20, 0x40, 0x8F]))
    return bytes(packet) + draw(st.sampled_from([b"", b"", b"", b"\0"]))


@settings(max_examples=250, deadline=None)
@given(delegations(GOV, ORG), delegations(ORG, GOV), packets(), st.booleans(), st.booleans(), st.sampled_from(MANNERS))
@example([], [], b"\0" * 12, True, True, MANNERS[0])
def test_both_paths_say_the_same(
    gov: list[Delegation], org: list[Delegation], packet: bytes, over_udp: bool, signed: bool, manners: Manners
) -> None:
    """Header, question with its case, all records with their TTLs, EDNS with every option, padding, truncation: equal wherever the
    packed path speaks.
    """
    zones = make_zones(gov, org, signed=signed)
    quickly = fast.answer(packet, zones, manners, CLIENT, over_udp=over_udp)
    slowly = slow.answer(packet, zones, manners, CLIENT, over_udp=over_udp)
    if quickly is None:
        return
    assert slowly is not None
    assert meaning(quickly) == meaning(slowly)


@settings(max_examples=150, deadline=None)
@given(
    delegations(GOV, ORG),
    st.binary(min_size=12, max_size=80),
    packets(),
    st.booleans(),
    st.integers(0, 200),
    st.integers(0, 255),
)
def test_no_packet_raises(
    gov: list[Delegation], noise: bytes, packet: bytes, signed: bool, at: int, octet: int
) -> None:
    """Noise, and questions with one octet changed: an answer or silence, never an exception, and equal on both paths."""
    zones = make_zones(gov, signed=signed)
    changed = bytearray(packet)
    changed[at % len(changed)] = octet
    for each in (noise, bytes(changed)):
        slowly = slow.answer(each, zones, over_udp=True)
        assert slowly is None or slowly[:2] == each[:2]
        quickly = fast.answer(each, zones)
        if quickly is not None:
            assert slowly is not None
            assert meaning(quickly) == meaning(slowly)
