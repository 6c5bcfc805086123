"""Zones without a database, and questions as clients send them."""

from collections.abc import Iterable, Mapping, Sequence

import dns.message
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

from registry.kernel.config import load_config
from resolver.signing.keys import SigningKey
from resolver.signing.signing import Signing
from resolver.zone.apex import Apex, make_apex
from resolver.zone.delegation import Delegation
from resolver.zone.records import address_rdata, ds_rdata, to_wire
from resolver.zone.zone import Zone
from tests.kit.clock import START

GOV, ORG = "xn--zfr164b", "xn--55qw42g"
DIGEST = "49fd46e6c4b45c55d4ac49fd46e6c4b45c55d4ac49fd46e6c4b45c55d4ac1234"


def apex_of(zone: str) -> Apex:
    return make_apex(zone, load_config())


def delegation(
    owner: str,
    servers: Sequence[str],
    glue: Mapping[str, Sequence[str]] | None = None,
    ds: Iterable[tuple[int, int, int, str]] = (),
) -> Delegation:
    """A delegation from text."""
    packed = {to_wire(host): tuple(sorted(address_rdata(a)[1] for a in found)) for host, found in (glue or {}).items()}
    return Delegation(
        to_wire(owner)[:-1],
        tuple(sorted(to_wire(server) for server in servers)),
        tuple(sorted(packed.items())),
        tuple(sorted(ds_rdata(tag, algorithm, kind, bytes.fromhex(digest)) for tag, algorithm, kind, digest in ds)),
    )


KEY = SigningKey(ec.derive_private_key(4711, ec.SECP256R1()))


def make_zones(
    gov: Iterable[Delegation] = (), org: Iterable[Delegation] = (), serial: int = 7, *, signed: bool = False
) -> dict[bytes, Zone]:
    """Both zones."""
    zones = {}
    for name, delegations in ((GOV, gov), (ORG, org)):
        signing = Signing(to_wire(name), KEY, START) if signed else None
        zone = Zone(apex_of(name), serial, signing)
        for each in delegations:
            zone.load(each)
        zones[zone.origin] = zone
    return zones


def ask(
    name: str, kind: str = "A", *, edns: int = -1, payload: int = 1232, do: bool = False, klass: str = "IN"
) -> bytes:
    """A query packet."""
    query = dns.message.make_query(
        name, kind, klass, use_edns=edns if edns >= 0 else False, payload=payload, want_dnssec=do
    )
    query.id = 4711
    return query.to_wire()


def lines(section: list[dns.rrset.RRset]) -> list[str]:
    """A section as sorted zone-file lines, without the sets' order."""
    return sorted(line.lower() for rrset in section for line in rrset.to_text().splitlines())


def meaning(octets: bytes) -> tuple[object, ...]:
    """A message as values that are equal exactly when two messages say the same."""
    message = dns.message.from_wire(octets)
    sections = tuple(
        sorted(line.lower() for rrset in section for line in rrset.to_text().splitlines())
        for section in message.sections[1:]
    )
    question = [(rrset.name.labels, rrset.rdtype, rrset.rdclass) for rrset in message.question]
    edns = (message.edns, message.payload, message.ednsflags, [option.to_wire() for option in message.options])
    return message.id, int(message.flags), question, *sections, edns
