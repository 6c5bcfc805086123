"""Sections of an answer as octets that fit behind any question.

Theory of operation. The answer to a question about a delegation is always the same few records; only the question in front of them
differs in length, and with it every compression pointer (RFC 1035 section 4.1.4). A pointer can lead to three places:

* the cut: the delegated name inside the question. It starts ``p`` octets after the question does, where ``p`` is what
  stands before it (``www.`` is 4; nothing is 0);
* the origin of the zone inside the question, ``q`` octets after its start;
* an earlier place in the records themselves. They begin behind the question, so that place too moves by ``q``.

So a packed section is kept as one big integer in which every pointer has the value for ``p = q = 0``, together with two masks
that have a 1 in the last octet of each pointer that moves with ``p`` or with ``q``. The octets for a question are then
``number + p * cut_mask + q * origin_mask``: three operations on integers, whatever the number of records. No carry leaves
a pointer, since offsets stay below 2**14: the longest body packed here is under 5 KiB (checked by :class:`Packer`).

Names are packed relative to the cut or the origin, so that all delegations with the same name servers share one section.
"""

from dataclasses import dataclass

from resolver.zone.records import NS, SOA, RecordSet, labels_of

HEADER_OCTETS = 12
QUESTION_TAIL_OCTETS = 4  # type and class
POINTER = 0xC000
MAX_POINTER = 0x3FFF  # RFC 1035 section 4.1.4
MAX_SHIFT = 255 + 255  # p and q are both less than the longest name

ABSOLUTE, CUT, ORIGIN = 0, 1, 2
Relative = tuple[int, bytes]  # where the name hangs (one of the three above), and its labels before that place


@dataclass(frozen=True, slots=True)
class Section:
    """Packed records: see the theory above. ``count`` is the number of records, ``size`` of octets."""

    count: int
    size: int
    number: int
    cut_mask: int
    origin_mask: int

    def at(self, p: int, q: int) -> bytes:
        """The octets behind a question whose cut starts after ``p`` octets and whose origin after ``q``."""
        return (self.number + p * self.cut_mask + q * self.origin_mask).to_bytes(self.size, "big")


def relative(name: bytes, cut: bytes, origin: bytes) -> Relative:
    """Hang ``name`` on the cut when it lies at or below it, else on the origin, else nowhere. All in wire octets."""
    if (cut and name == cut) or _is_below(name, cut):
        return CUT, name[: -len(cut)]
    if name == origin or _is_below(name, origin):
        return ORIGIN, name[: -len(origin)]
    return ABSOLUTE, name[:-1]


def absolute(name: Relative, cut: bytes, origin: bytes) -> bytes:
    """The inverse of :func:`relative`."""
    return name[1] + (b"\0", cut, origin)[name[0]]


def _is_below(name: bytes, ancestor: bytes) -> bool:
    if not ancestor or len(name) <= len(ancestor) or not name.endswith(ancestor):
        return False
    at, boundary = 0, len(name) - len(ancestor)
    while at < boundary:
        at += 1 + name[at]
    return at == boundary


class Packer:
    """Writes records one after the other and remembers the names it wrote, so that later ones can point to them."""

    def __init__(self, origin: bytes) -> None:
        self._origin = origin
        self._octets = bytearray()
        self._cut_pointers: list[int] = []
        self._origin_pointers: list[int] = []
        self._places: dict[Relative, int] = {}
        self._count = 0
        self._start = 0

    def add(self, owner: Relative, kind: int, ttl: int, rdata: bytes | Relative) -> None:
        """Append one record of class IN; ``rdata`` as octets, or as a name that may be compressed."""
        self._name(owner)
        self._octets += kind.to_bytes(2, "big") + b"\0\1" + ttl.to_bytes(4, "big") + b"\0\0"
        start = len(self._octets)
        if isinstance(rdata, bytes):
            self._octets += rdata
        else:
            self._name(rdata)
        self._close(start)

    def add_set(self, records: RecordSet, cut: bytes = b"") -> None:
        """Append a whole set whose owner is relative to ``cut`` (if given) or the origin; names in NS and SOA are compressed."""
        owner = relative(records.owner, cut, self._origin)
        for rdata in records.rdatas:
            if records.type == NS:
                self.add(owner, NS, records.ttl, relative(rdata, cut, self._origin))
            elif records.type == SOA:
                self._add_soa(owner, records.ttl, rdata)
            else:
                self.add(owner, records.type, records.ttl, rdata)

    def section(self) -> Section:
        """What was written since the last call, as one section; later sections may still point into it."""
        if HEADER_OCTETS + QUESTION_TAIL_OCTETS + len(self._origin) + len(self._octets) + MAX_SHIFT > MAX_POINTER:
            raise ValueError(f"a section that ends after {len(self._octets)} octets cannot be pointed into")
        octets = self._octets[self._start :]
        masks = self._mask(self._cut_pointers), self._mask(self._origin_pointers)
        made = Section(self._count, len(octets), int.from_bytes(octets, "big"), *masks)
        self._start, self._count = len(self._octets), 0
        self._cut_pointers.clear()
        self._origin_pointers.clear()
        return made

    def _add_soa(self, owner: Relative, ttl: int, rdata: bytes) -> None:
        primary_end = sum(map(len, labels_of(rdata))) + 1
        mailbox_end = primary_end + sum(map(len, labels_of(rdata[primary_end:]))) + 1
        self._name(owner)
        self._octets += SOA.to_bytes(2, "big") + b"\0\1" + ttl.to_bytes(4, "big") + b"\0\0"
        start = len(self._octets)
        self._name(relative(rdata[:primary_end], b"", self._origin))
        self._name(relative(rdata[primary_end:mailbox_end], b"", self._origin))
        self._octets += rdata[mailbox_end:]
        self._close(start)

    def _close(self, start: int) -> None:
        self._octets[start - 2 : start] = (len(self._octets) - start).to_bytes(2, "big")
        self._count += 1

    def _name(self, name: Relative) -> None:
        base, prefix = name
        labels = labels_of(prefix + b"\0")
        for index, label in enumerate(labels):
            rest = (base, b"".join(labels[index:]))
            if rest in self._places:
                self._point_inside(self._places[rest])
                return
            self._places[rest] = len(self._octets)
            self._octets += label
        if base == ABSOLUTE:
            self._octets += b"\0"
        else:
            (self._cut_pointers if base == CUT else self._origin_pointers).append(len(self._octets))
            self._octets += (POINTER | HEADER_OCTETS).to_bytes(2, "big")

    def _point_inside(self, place: int) -> None:
        self._origin_pointers.append(len(self._octets))
        offset = HEADER_OCTETS + len(self._origin) + QUESTION_TAIL_OCTETS + place
        self._octets += (POINTER | offset).to_bytes(2, "big")

    def _mask(self, pointers: list[int]) -> int:
        last = len(self._octets) - 2
        return sum(1 << 8 * (last - pointer) for pointer in pointers)
