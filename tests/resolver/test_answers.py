"""The answering chain as tables: a question, and the sections as zone-file text."""

from dataclasses import dataclass

import dns.flags
import dns.message
import dns.rcode
import pytest

from registry.kernel.config import load_config
from resolver.chain import fast, slow
from resolver.zone.apex import Apex, make_apex
from resolver.zone.records import A, RecordSet, to_wire
from resolver.zone.zone import Zone
from tests.resolver.made import DIGEST, GOV, ORG, ask, delegation, lines, make_zones, meaning

SOA = f"{GOV}. 300 in soa ns1.nic.{GOV}. hostmaster.nic.{GOV}. 7 1800 900 1209600 300"
NS = [f"{GOV}. 3600 in ns ns1.nic.{GOV}.", f"{GOV}. 3600 in ns ns2.nic.{ORG}."]


@dataclass(frozen=True)
class Case:
    """One row: what is asked, and what must come back."""

    name: str
    kind: str
    rcode: str
    aa: bool
    answer: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()


FOO_NS = (f"foo.{GOV}. 3600 in ns ns1.foo.{GOV}.", f"foo.{GOV}. 3600 in ns ns2.hosting.example.")
FOO_GLUE = (f"ns1.foo.{GOV}. 3600 in a 192.0.2.1", f"ns1.foo.{GOV}. 3600 in aaaa 2001:db8::1")
FOO = {"authority": FOO_NS, "additional": FOO_GLUE}
VARIANT_NS = (f"foo2.{GOV}. 3600 in ns ns1.foo.{GOV}.", f"foo2.{GOV}. 3600 in ns ns2.hosting.example.")
SIGNED_NS = (f"signed.{GOV}. 3600 in ns ns2.hosting.example.",)
NO = {"authority": (SOA,)}
CASES = [
    Case(f"foo.{GOV}", "A", "NOERROR", False, **FOO),
    Case(f"www.foo.{GOV}", "A", "NOERROR", False, **FOO),
    Case(f"a.b.c.foo.{GOV}", "MX", "NOERROR", False, **FOO),
    Case(f"ns1.foo.{GOV}", "A", "NOERROR", False, **FOO),
    Case(f"foo.{GOV}", "NS", "NOERROR", False, **FOO),
    Case(f"foo.{GOV}", "SOA", "NOERROR", False, **FOO),
    Case(f"foo.{GOV}", "ANY", "NOERROR", False, **FOO),
    Case(f"www.foo.{GOV}", "DS", "NOERROR", False, **FOO),
    Case(f"foo.{GOV}", "DS", "NOERROR", True, **NO),
    Case(f"www.foo2.{GOV}", "A", "NOERROR", False, authority=VARIANT_NS, additional=FOO_GLUE),
    Case(f"signed.{GOV}", "DS", "NOERROR", True, answer=(f"signed.{GOV}. 3600 in ds 4711 13 2 {DIGEST}",)),
    Case(f"signed.{GOV}", "A", "NOERROR", False, authority=SIGNED_NS),
    Case(GOV, "SOA", "NOERROR", True, answer=(SOA.replace(" 300 in", " 3600 in"),)),
    Case(GOV, "NS", "NOERROR", True, answer=tuple(NS), additional=(f"ns1.nic.{GOV}. 3600 in a 127.0.0.1",)),
    Case(GOV, "ANY", "NOERROR", True, answer=(SOA.replace(" 300 in", " 3600 in"),)),
    Case(GOV, "A", "NOERROR", True, **NO),
    Case(GOV, "AAAA", "NOERROR", True, **NO),
    Case(GOV, "DS", "NOERROR", True, **NO),
    Case(GOV, "TYPE65280", "NOERROR", True, **NO),
    Case(f"ns1.nic.{GOV}", "A", "NOERROR", True, answer=(f"ns1.nic.{GOV}. 3600 in a 127.0.0.1",)),
    Case(f"ns1.nic.{GOV}", "AAAA", "NOERROR", True, **NO),
    Case(f"nic.{GOV}", "A", "NOERROR", True, answer=(f"nic.{GOV}. 3600 in a 127.0.0.1",)),
    Case(f"nothing.nic.{GOV}", "A", "NXDOMAIN", True, **NO),
    Case(f"nothing.{GOV}", "A", "NXDOMAIN", True, **NO),
    Case(f"nothing.{GOV}", "DS", "NXDOMAIN", True, **NO),
    Case(f"nothing.{GOV}", "ANY", "NXDOMAIN", True, **NO),
    Case(f"a.b.c.d.nothing.{GOV}", "A", "NXDOMAIN", True, **NO),
    Case("example.com", "A", "REFUSED", False),
    Case(".", "NS", "REFUSED", False),
    Case("xn--fiqs8s", "SOA", "REFUSED", False),
    Case(f"foo.{GOV}.example", "A", "REFUSED", False),
    Case(GOV, "AXFR", "REFUSED", False),
    Case(GOV, "TKEY", "NOTIMP", False),
    Case(GOV, "MAILB", "NOTIMP", False),
    Case(GOV, "OPT", "FORMERR", False),
    Case(GOV, "TSIG", "FORMERR", False),
]


@pytest.fixture(scope="module")
def zones() -> dict[bytes, Zone]:
    """One delegation with glue, its bundle's other name, and a signed one."""
    servers, glue = [f"ns1.foo.{GOV}", "ns2.hosting.example"], {f"ns1.foo.{GOV}": ["192.0.2.1", "2001:db8::1"]}
    return make_zones(
        [
            delegation("foo", servers, glue),
            delegation("foo2", servers, glue),
            delegation("signed", ["ns2.hosting.example"], ds=[(4711, 13, 2, DIGEST)]),
        ]
    )


def said(zones: dict[bytes, Zone], packet: bytes, *, over_udp: bool = True) -> dns.message.Message:
    """What both paths say; where the packed one speaks it must agree."""
    slowly = slow.answer(packet, zones, over_udp=over_udp)
    assert slowly is not None
    message = dns.message.from_wire(slowly)
    quickly = fast.answer(packet, zones, over_udp=over_udp)
    if quickly is not None:
        assert meaning(quickly) == meaning(slowly)
    return message


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}/{case.kind}")
def test_each_question_gets_its_sections(zones: dict[bytes, Zone], case: Case) -> None:
    """Referral, answer, NODATA, NXDOMAIN and refusal, over both paths."""
    message = said(zones, ask(case.name, case.kind))

    assert dns.rcode.to_text(message.rcode()) == case.rcode
    assert bool(message.flags & dns.flags.AA) == case.aa
    assert lines(message.answer) == sorted(case.answer)
    assert lines(message.authority) == sorted(case.authority)
    assert lines(message.additional) == sorted(case.additional)
    assert message.flags & dns.flags.QR
    assert not message.flags & (dns.flags.RA | dns.flags.AD | dns.flags.CD | dns.flags.TC)


def test_the_usual_questions_take_the_packed_path(zones: dict[bytes, Zone]) -> None:
    """Referrals, answers, negative answers and refusals are answered without parsing, with and without EDNS."""
    usual = [(f"www.foo.{GOV}", "A"), (GOV, "NS"), (GOV, "SOA"), (GOV, "A"), (f"no.{GOV}", "A"), ("example.com", "A")]
    for name, kind in usual:
        for edns in (-1, 0):
            assert fast.answer(ask(name, kind, edns=edns), zones) is not None, (name, kind)


def test_the_case_of_the_question_comes_back_and_does_not_matter(zones: dict[bytes, Zone]) -> None:
    """Names are compared without case (RFC 4343) and echoed as they were asked."""
    packet = ask("WwW.fOO.XN--zFR164b", "A")
    message = said(zones, packet)

    assert message.question[0].name.to_text() == "WwW.fOO.XN--zFR164b."
    assert message.authority[0].name.to_text() == "fOO.XN--zFR164b."
    assert lines(message.authority) == sorted(FOO_NS)


def test_rd_comes_back_and_no_other_flag_does(zones: dict[bytes, Zone]) -> None:
    """RD is copied; AD, CD and the reserved bit are not (RFC 4035 section 3.1.6; RFC 8906 section 3.1.2)."""
    packet = bytearray(ask(f"foo.{GOV}"))
    packet[2] = 0x01
    packet[3] = 0x70
    message = said(zones, bytes(packet))

    assert message.flags == dns.flags.QR | dns.flags.RD


def test_edns_is_answered_with_version_0_and_our_size(zones: dict[bytes, Zone]) -> None:
    """OPT comes back when it came, DO with it, the payload size is ours (RFC 6891)."""
    message = said(zones, ask(GOV, "SOA", edns=0, payload=4096, do=True))

    assert (message.edns, message.payload, message.ednsflags) == (0, 1232, dns.flags.DO)
    assert said(zones, ask(GOV, "SOA")).edns == -1


def test_a_later_edns_version_is_badvers_with_version_0(zones: dict[bytes, Zone]) -> None:
    """An empty answer, BADVERS, OPT version 0 (rst.md, dns-nameserver10)."""
    message = said(zones, ask(GOV, "SOA", edns=1))

    assert message.rcode() == dns.rcode.BADVERS
    assert message.edns == 0
    assert not message.answer


def test_unknown_edns_options_and_flags_are_ignored(zones: dict[bytes, Zone]) -> None:
    """NOERROR, SOA, OPT, and neither the option nor the Z flags come back (rst.md, dns-nameserver11 and 12)."""
    query = dns.message.make_query(
        GOV, "SOA", use_edns=0, ednsflags=0x7FFF, options=[dns.edns.GenericOption(137, b"x")]
    )
    query.id = 4711
    message = said(zones, query.to_wire())

    assert message.rcode() == dns.rcode.NOERROR
    assert message.flags & dns.flags.AA
    assert (message.ednsflags & 0x7FFF, message.options) == (0, ())
    assert message.answer


def test_out_of_zone_says_so_to_those_who_speak_edns(zones: dict[bytes, Zone]) -> None:
    """Extended error 20, Not Authoritative (RFC 8914 section 4.21)."""
    message = said(zones, ask("example.com", edns=0))

    assert message.rcode() == dns.rcode.REFUSED
    assert [(option.otype, option.code) for option in message.options] == [(15, 20)]


def test_other_classes_are_refused(zones: dict[bytes, Zone]) -> None:
    """Neither version.bind nor our zones in CHAOS."""
    assert said(zones, ask("version.bind", "TXT", klass="CH")).rcode() == dns.rcode.REFUSED
    assert said(zones, ask(GOV, "SOA", klass="CH")).rcode() == dns.rcode.REFUSED


@pytest.mark.parametrize("opcode", range(1, 16))
def test_other_opcodes_are_refused_or_not_implemented(zones: dict[bytes, Zone], opcode: int) -> None:
    """NOTIFY (4) and UPDATE (5) are refused, the rest is not implemented; the opcode comes back."""
    packet = bytearray(ask(GOV, "SOA"))
    packet[2] = opcode << 3
    answer = slow.answer(bytes(packet), zones, over_udp=True)

    assert answer is not None
    assert fast.answer(bytes(packet), zones) is None
    assert answer[2] >> 3 & 0xF == opcode
    assert answer[3] & 0xF == (dns.rcode.REFUSED if opcode in (4, 5) else dns.rcode.NOTIMP)


@pytest.mark.parametrize("count", [0, 2, 65535])
def test_anything_but_one_question_is_formerr(zones: dict[bytes, Zone], count: int) -> None:
    """QDCOUNT must be one (RFC 9619)."""
    packet = bytearray(ask(GOV, "SOA"))
    packet[4:6] = count.to_bytes(2, "big")
    if count == 2:
        packet += packet[12:]
    if count == 0:
        del packet[12:]

    assert said(zones, bytes(packet)).rcode() == dns.rcode.FORMERR


@pytest.mark.parametrize("packet", [b"", b"\0" * 11, b"\x12\x34\x80" + b"\0" * 20])
def test_what_must_not_be_answered_is_not(zones: dict[bytes, Zone], packet: bytes) -> None:
    """Less than a header, and responses: an answer to an answer is how two servers talk for ever."""
    assert slow.answer(packet, zones, over_udp=True) is None
    assert fast.answer(packet, zones) is None


def test_glue_fits_or_the_answer_is_truncated() -> None:
    """A referral never lacks the glue it needs (RFC 9471); over TCP all of it comes."""
    servers = [f"ns{number}.big.{GOV}" for number in range(13)]
    glue = {server: [f"192.0.2.{number}", f"2001:db8::{number}"] for number, server in enumerate(servers)}
    zones = make_zones([delegation("big", servers, glue)])
    small = said(zones, ask(f"www.big.{GOV}"))
    large = said(zones, ask(f"www.big.{GOV}"), over_udp=False)

    assert small.flags & dns.flags.TC
    assert (small.answer, small.authority, small.additional) == ([], [], [])
    assert not large.flags & dns.flags.TC
    assert len(lines(large.authority)) == 13
    assert len(lines(large.additional)) == 26


def test_a_truncated_answer_keeps_its_opt() -> None:
    """rst.md, dns-nameserver13: with EDNS at 512 octets TC comes with an OPT record; a larger size is honoured up to 1232."""
    servers = [f"ns{number}.big.{GOV}" for number in range(9)]
    glue = {server: [f"192.0.2.{number}", f"2001:db8::{number}"] for number, server in enumerate(servers)}
    zones = make_zones([delegation("big", servers, glue)])
    small = said(zones, ask(f"big.{GOV}", edns=0, payload=100))

    assert small.flags & dns.flags.TC
    assert small.edns == 0
    assert not said(zones, ask(f"big.{GOV}", edns=0, payload=65535)).flags & dns.flags.TC


def test_the_referral_of_the_longest_name_fits_512_octets() -> None:
    """255 octets of question, our name servers and one address each (rst.md, dns-delegation03)."""
    zones = make_zones([delegation("foo", ["ns1.hosting.example", "ns2.hosting.example"])])
    name = ".".join(["a" * 63] * 3 + ["b" * (254 - 3 * 64 - len(f".foo.{GOV}.") - 1)]) + f".foo.{GOV}"
    answer = fast.answer(ask(name), zones)

    assert answer is not None
    assert not answer[2] & 0x02
    assert len(answer) <= 512


def test_a_delegation_of_the_registrys_own_label_is_passed_over() -> None:
    """``nic`` is the registry's whatever stands in the register."""
    zones = make_zones([delegation("nic", ["ns1.example.com"])])

    assert lines(said(zones, ask(f"nic.{GOV}")).answer) == [f"nic.{GOV}. 3600 in a 127.0.0.1"]


def test_a_name_between_a_registry_name_and_the_apex_exists_without_records() -> None:
    """An empty non-terminal is NODATA, not NXDOMAIN (RFC 8020)."""
    plain = make_apex(GOV, load_config())
    apex = Apex(plain.origin, (*plain.sets, RecordSet(to_wire(f"a.b.c.{GOV}"), A, 60, (b"\x7f\0\0\1",))), plain.dns)
    zone = Zone(apex, 7)
    zones = {zone.origin: zone}

    assert said(zones, ask(f"b.c.{GOV}")).rcode() == dns.rcode.NOERROR
    assert said(zones, ask(f"c.{GOV}")).rcode() == dns.rcode.NOERROR
    assert said(zones, ask(f"x.c.{GOV}")).rcode() == dns.rcode.NXDOMAIN
