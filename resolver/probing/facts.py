"""What is known about somebody else's delegation: what shall be delegated, and what its servers said when they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import dns.message

# The questions that every address is asked; one more for each name server's addresses, see :func:`address_question`.
SOA_UDP, SOA_TCP, SERVERS, KEYS, ELSEWHERE, LATER_EDNS = "soa-udp", "soa-tcp", "ns", "dnskey", "elsewhere", "edns1"
FOREIGN_NAME = "www.example.com."  # of nobody's zone but its own (RFC 2606); only a recursive server knows an answer


@dataclass(frozen=True, slots=True)
class Server:
    """A name server as it shall be delegated to: ``addresses`` are its glue, empty when its name lies elsewhere."""

    name: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """A DS record."""

    key_tag: int
    algorithm: int
    digest_type: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Proposal:
    """A delegation to look at. Names are A-labels in lower case without a final dot."""

    zone: str
    servers: tuple[Server, ...]
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back for one question: a message, or ``trouble`` (``timeout``, ``refused``, ``unreachable``, ``malformed``)."""

    message: dns.message.Message | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a name server's name leads: its addresses; ``is_alias`` when by a CNAME; ``trouble`` when nowhere."""

    addresses: tuple[str, ...] = ()
    is_alias: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One address of one server, and what it said to each question."""

    server: str
    address: str
    heard: Mapping[str, Heard]

    def to(self, question: str) -> Heard:
        """What it said to a question; silence when it was not asked."""
        return self.heard.get(question, _SILENCE)

    @property
    def place(self) -> str:
        """For people: the server and which of its addresses."""
        return f"{self.server} ({self.address})"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the judge needs. ``not_asked`` are addresses that must not be asked (private, loopback …), by server."""

    proposal: Proposal
    at: datetime
    seen: tuple[Seen, ...]
    resolved: Mapping[str, Resolved] = field(default_factory=dict)
    not_asked: tuple[tuple[str, str], ...] = ()

    @property
    def alive(self) -> tuple[Seen, ...]:
        """The addresses that answered the SOA question over UDP or TCP."""
        return tuple(each for each in self.seen if each.to(SOA_UDP).message or each.to(SOA_TCP).message)


_SILENCE = Heard(trouble="timeout")


def address_question(server: str, kind: str) -> str:
    """The key under which the question for a server's own ``A`` or ``AAAA`` is kept."""
    return f"{kind} {server}"


def is_below(name: str, zone: str) -> bool:
    """Whether a name lies at or below a zone."""
    return name == zone or name.endswith(f".{zone}")
