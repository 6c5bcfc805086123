"""TTLs that registrars choose (RFC 9803) stand in answers, transfers and signatures; all others keep the zone's own."""

from dataclasses import replace

import dns.message
import dns.rdatatype
import pytest

from registry.kernel.config import load_config
from resolver.chain import fast, slow
from resolver.zone.records import AAAA, DS, NS, A, to_wire
from resolver.zone.zone import Zone
from tests.resolver.made import GOV, ask, delegation, make_zones

OWN = load_config().dns.ttl
GLUE = {f"ns1.a.{GOV}": ["192.0.2.1", "2001:db8::1"]}
CHOSEN = replace(
    delegation("a", [f"ns1.a.{GOV}"], GLUE, [(1, 13, 2, "ab" * 32)]), ttls=(300, 600), glue_ttls=((120, 0),)
)
PLAIN = delegation("b", ["ns1.example.net"])
TWIN = replace(delegation("c", ["ns1.example.net"]), ttls=(900, 0))


def ttls(zones: dict[bytes, Zone], name: str, kind: str, *, do: bool = False) -> dict[str, int]:
    """The TTL of each type in the answer; the quick and the slow path say the same."""
    packet = ask(name, kind, edns=0 if do else -1, do=do)
    slowly = slow.answer(packet, zones, over_udp=True)
    quickly = fast.answer(packet, zones)
    assert slowly is not None
    found = [_ttls(answer) for answer in (slowly, quickly) if answer is not None]
    assert found[0] == found[-1]
    return found[0]


def _ttls(answer: bytes) -> dict[str, int]:
    message = dns.message.from_wire(answer)
    sections = [rrset for section in message.sections[1:] for rrset in section]
    return {dns.rdatatype.to_text(rrset.rdtype): rrset.ttl for rrset in sections}


@pytest.mark.parametrize("signed", [False, True])
def test_a_referral_bears_the_chosen_ttls(signed: bool) -> None:
    """NS, A and DS as chosen, AAAA the zone's own; a delegation with the same servers and no choice keeps its own."""
    zones = make_zones([CHOSEN, PLAIN, TWIN], signed=signed)
    found = ttls(zones, f"www.a.{GOV}", "A", do=signed)
    assert (found["NS"], found["A"], found["AAAA"]) == (300, 120, OWN)
    assert ttls(zones, f"a.{GOV}", "DS")["DS"] == 600
    assert ttls(zones, f"www.b.{GOV}", "A")["NS"] == OWN
    assert ttls(zones, f"www.c.{GOV}", "A")["NS"] == 900


def test_the_zone_itself_bears_them() -> None:
    """What is transferred and exported has the same TTLs as the answers."""
    zone = make_zones([CHOSEN])[to_wire(GOV)]
    assert {records.type: records.ttl for records in zone.delegation_sets(b"\x01a")} == {
        NS: 300,
        DS: 600,
        A: 120,
        AAAA: OWN,
    }


def test_another_ttl_is_a_change() -> None:
    """A zone tells a delegation with another TTL from the one that it has."""
    zone = make_zones([PLAIN])[to_wire(GOV)]
    assert not zone.differs(b"\x01b", PLAIN)
    assert zone.differs(b"\x01b", replace(PLAIN, ttls=(60, 0)))
