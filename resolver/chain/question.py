"""A query after parsing, and what the chain says to it."""

from dataclasses import dataclass, field

import dns.flags
import dns.message

from resolver.chain.options import NONE, PLAIN, Manners, Wanted
from resolver.zone.records import RecordSet
from resolver.zone.zone import Zone

UDP_PAYLOAD = (
    1232  # the largest that crosses every path unfragmented (IPv6 minimum MTU less headers; DNS flag day 2020)
)
PLAIN_UDP_PAYLOAD = 512  # RFC 1035 section 4.2.1
TCP_PAYLOAD = 65535  # RFC 1035 section 4.2.2


@dataclass(frozen=True, slots=True)
class Query:
    """One query. ``message`` is None when it could not be parsed, ``opcode`` comes from the header all the same.

    ``name`` is the lower-cased wire name of the only question, empty when there is not exactly one. ``wanted`` are the EDNS options
    that came along, ``manners`` what the door says to them, and ``client`` the address that asks, 4 or 16 octets.
    """

    octets: bytes
    opcode: int
    message: dns.message.Message | None
    name: bytes = b""
    type: int = 0
    klass: int = 0
    over_udp: bool = True
    wanted: Wanted = NONE
    manners: Manners = field(default=PLAIN)
    client: bytes = b""

    @property
    def has_edns(self) -> bool:
        """Whether an OPT record came along."""
        return self.message is not None and self.message.edns >= 0

    @property
    def wants_dnssec(self) -> bool:
        """The DO bit (RFC 3225)."""
        return self.message is not None and bool(self.message.ednsflags & dns.flags.DO)

    @property
    def limit(self) -> int:
        """The most octets that the answer may have."""
        if not self.over_udp:
            return TCP_PAYLOAD
        if not self.has_edns or self.message is None:
            return PLAIN_UDP_PAYLOAD
        return max(PLAIN_UDP_PAYLOAD, min(self.message.payload, UDP_PAYLOAD))


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: ``rcode`` (extended ones too, RFC 6891), ``is_authoritative``, and the three sections.

    ``extended`` is an extended error (RFC 8914), told only to those who speak EDNS.
    """

    rcode: int
    is_authoritative: bool = False
    answer: tuple[RecordSet, ...] = ()
    authority: tuple[RecordSet, ...] = ()
    additional: tuple[RecordSet, ...] = ()
    extended: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name lies in a zone: ``label`` is its second-level label, empty at the apex."""

    zone: Zone
    label: bytes
    is_cut: bool  # the name is itself a delegated name

    @property
    def cut(self) -> bytes:
        """The delegated name on the wire."""
        return self.label + self.zone.origin
