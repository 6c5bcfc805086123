"""What is asked and answered, counted by zone: types, response codes, transports, sizes, and the names asked for most.

No address of a client is looked at. Of a name only the part that the register knows is kept: the delegated name, or the second-level label
that is missing.

Up to :data:`LOOKS` answers a second are looked at one by one; of more than that one in 2, 4, 8 … is looked at and counted for
as many, so that counting costs a busy server nothing that could be measured. The response codes of all answers are counted exactly beside
this (``resolver/chain/responder.py``).
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from resolver.statistics.hitters import Hitters

LOOKS = 1000  # a second and process; about two milliseconds of its time
MAX_STEP = 4096  # one look in so many answers, at more answers than any process of ours gives
PLACES = 512  # names a zone that are told apart; see hitters
TOP = 50  # of them are told
HEADER_OCTETS = 12
NXDOMAIN = 3
AUTHORITY_COUNT, ANSWER_COUNT = slice(8, 10), slice(6, 8)
AA = 0x04

# The types that are told by name; the rest is "other", so that nobody can fill a table with 65,536 of them.
TYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 35: "NAPTR", 43: "DS", 46: "RRSIG",
    47: "NSEC", 48: "DNSKEY", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA", 59: "CDS", 60: "CDNSKEY", 64: "SVCB", 65: "HTTPS", 251: "IXFR",
    252: "AXFR", 255: "ANY", 257: "CAA",
}  # fmt: skip
OTHER = "other"
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH"}
SIZES = (128, 256, 512, 768, 1024, 1232, 4096)  # octets; an answer is counted at the first that it does not exceed
NO_ZONE = b""  # what is none of ours
MAX_LABEL_OCTETS = 63

Looked = tuple[bytes, int, int, str, int, str]  # zone, type, rcode, transport, place in SIZES, outcome


@dataclass(frozen=True, slots=True)
class Count:
    """``number`` answers of a zone (an A-label, empty for what is none of ours) whose ``kind`` (``type``, ``rcode``, ``transport``, ``size``,

    ``outcome``, ``name``, ``missing``) was ``key``.
    """

    zone: str
    kind: str
    key: str
    number: int


@dataclass(slots=True)
class Tally:
    """Counts answers since the last :meth:`harvest`. ``zones`` are the wire names of the zones, kept current by their owner."""

    zones: frozenset[bytes] = frozenset()
    _counts: defaultdict[Looked, int] = field(default_factory=lambda: defaultdict(int))
    _names: dict[tuple[bytes, str], Hitters] = field(default_factory=dict)
    _step: int = 1
    _looks: int = 0

    def look(self, packet: bytes, said: bytes, transport: str, weight: int) -> int:
        """Count one answer for ``weight`` of them; after how many more to look again."""
        self._looks += 1
        if self._looks > LOOKS:
            self._step, self._looks = min(self._step * 2, MAX_STEP), self._looks // 2
        labels, end = _labels(packet)
        zone = labels[-1] if labels and labels[-1] + b"\0" in self.zones else NO_ZONE
        rcode, kind = said[3] & 0xF, int.from_bytes(packet[end : end + 2], "big")
        size = bisect_left(SIZES, len(said))
        looked = (zone, kind if kind in TYPES else 0, rcode, transport, size, _outcome(said, rcode))
        self._counts[looked] += weight
        if zone and len(labels) > 1:
            self._name(zone, "missing" if rcode == NXDOMAIN else "name", labels[-2], weight)
        return self._step

    def _name(self, zone: bytes, kind: str, label: bytes, weight: int) -> None:
        hitters = self._names.get((zone, kind))
        if hitters is None:
            hitters = self._names[zone, kind] = Hitters(PLACES)
        hitters.add(label, weight)

    def tick(self) -> None:
        """A second has passed: look more closely again when there was little to see."""
        if self._looks < LOOKS // 4 and self._step > 1:
            self._step //= 2
        self._looks = 0

    def harvest(self) -> list[Count]:
        """What was counted since the last call."""
        sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        for (zone, kind, rcode, transport, size, outcome), number in self._counts.items():
            name = _text(zone)
            for what, key in (
                ("type", TYPES.get(kind, OTHER)),
                ("rcode", RCODES.get(rcode, OTHER)),
                ("transport", transport),
                ("size", str(SIZES[size]) if size < len(SIZES) else f"{SIZES[-1]}+"),
                ("outcome", outcome),
            ):
                sums[name, what, key] += number
        self._counts.clear()
        return [Count(*key, number) for key, number in sorted(sums.items())]

    def harvest_names(self) -> list[Count]:
        """The names that were asked for most since the last call, existing and missing ones apart."""
        found = [
            Count(_text(zone), kind, _text(label), number)
            for (zone, kind), hitters in sorted(self._names.items())
            for label, number in hitters.top(TOP)
        ]
        self._names.clear()
        return found


def _labels(packet: bytes) -> tuple[list[bytes], int]:
    """The labels of the question's name in lower case, with their length octets, and where the name ends; none when it cannot be read."""
    at, end, labels = HEADER_OCTETS, len(packet), list[bytes]()
    while at < end and (size := packet[at]):
        if size > MAX_LABEL_OCTETS or at + size >= end:
            return [], end
        labels.append(packet[at : at + 1 + size].lower())
        at += 1 + size
    return labels, at + 1


def _outcome(said: bytes, rcode: int) -> str:
    """``referral``, ``answer``, ``nodata``, ``nxdomain``, ``truncated`` or ``error``."""
    if rcode:
        return "nxdomain" if rcode == NXDOMAIN else "error"
    if said[2] & 0x02:
        return "truncated"
    if said[ANSWER_COUNT] != b"\0\0":
        return "answer"
    return "nodata" if said[2] & AA else "referral"


def _text(label: bytes) -> str:
    """A label without its length octet, as a master file shows it: letters, digits, hyphens, the rest by their numbers."""
    return "".join(
        chr(each) if (chr(each).isalnum() and each < 128) or each in b"-_" else f"\\{each:03}" for each in label[1:]
    )
