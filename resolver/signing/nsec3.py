"""NSEC3 (RFC 5155) with the parameters of RFC 9276: SHA-1, no extra iterations, no salt; opt-out.

With opt-out a delegation that is not signed has no record of its own: it lies in a span between two that do. So the chain
is as long as the zone has signed delegations and names of its own, and most changes of the register do not touch it.
"""

import base64
import hashlib
from bisect import bisect_left, bisect_right, insort
from functools import partial

from resolver.zone.records import NSEC3, RecordSet

HASH_SHA1 = 1
OPT_OUT = 1
PARAMETERS = bytes(
    (HASH_SHA1, 0, 0, 0, 0)
)  # NSEC3PARAM: its flags are zero whatever the records say (RFC 5155 section 4.1.2)
_sha1 = partial(hashlib.sha1, usedforsecurity=False)  # it hides names from a casual reader; nothing rests on it
_HEAD = bytes((HASH_SHA1, OPT_OUT, 0, 0, 0, 20))


def hash_of(name: bytes) -> bytes:
    """The 20 octets of RFC 5155 section 5 for a lower-case wire name."""
    return _sha1(name).digest()


def label_of(digest: bytes) -> bytes:
    """The owner label of a hash, with its length octet."""
    return b"\x20" + base64.b32hexencode(digest).lower()


def bitmap(types: frozenset[int]) -> bytes:
    """The type bit maps field (RFC 4034 section 4.1.2)."""
    windows: dict[int, bytearray] = {}
    for kind in sorted(types):
        octets = windows.setdefault(kind >> 8, bytearray())
        place = (kind & 0xFF) >> 3
        octets.extend(bytes(place + 1 - len(octets)))
        octets[place] |= 0x80 >> (kind & 7)
    return b"".join(bytes((window, len(octets))) + octets for window, octets in windows.items())


class Chain:
    """The hashes of a zone in order, each with the types at its name. One change costs a shift in a list of references."""

    def __init__(self) -> None:
        self._types: dict[bytes, frozenset[int]] = {}
        self._order: list[bytes] | None = []

    def __len__(self) -> int:
        return len(self._types)

    def add(self, digest: bytes, types: frozenset[int], *, later: bool = False) -> None:
        """Take in a name, or give it other types. ``later``: many follow, so sort once at the first question."""
        if later:
            self._order = None
        elif self._order is not None and digest not in self._types:
            insort(self._order, digest)
        self._types[digest] = types

    def discard(self, digest: bytes) -> None:
        """Take a name out, if it is in."""
        if self._types.pop(digest, None) is not None and self._order is not None:
            del self._order[bisect_left(self._order, digest)]

    def order(self) -> list[bytes]:
        """All hashes, ascending."""
        if self._order is None:
            self._order = sorted(self._types)
        return self._order

    def covering(self, digest: bytes) -> bytes:
        """The hash whose record matches ``digest``, or else the one whose span it falls in (the last one, when before the first)."""
        order = self._order or self.order()
        return order[bisect_right(order, digest) - 1]

    def before(self, digest: bytes) -> bytes:
        """The hash ahead of ``digest``, whether that is of the chain or not; ahead of the first stands the last."""
        order = self.order()
        return order[bisect_left(order, digest) - 1]

    def following(self, digest: bytes) -> bytes:
        """The hash after ``digest``, which is one of the chain; after the last comes the first."""
        order = self.order()
        at = bisect_right(order, digest)
        return order[at] if at < len(order) else order[0]

    def record(self, digest: bytes, origin: bytes, ttl: int) -> RecordSet:
        """The NSEC3 record at a hash of the chain."""
        rdata = _HEAD + self.following(digest) + bitmap(self._types[digest])
        return RecordSet(label_of(digest) + origin, NSEC3, ttl, (rdata,))
