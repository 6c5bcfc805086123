"""The signatures of one zone, made when they are first needed.

Theory of operation. Nothing is signed in advance: a signature is made at the first question that needs it and kept with the
record it covers, so a zone of a million answers at once after a restart, a change costs no more than the records that
changed, and memory is bounded by the zone. A signature is made for two weeks and replaced, at the first question after that, when
half of its life is over; lives differ by up to a day by a hash of the owner, so they do not all end together.

Time is an argument: :meth:`Signing.advance` says what time it is, and everything between two calls happens at that instant.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime

from resolver.signing.keys import ALGORITHM, SigningKey
from resolver.signing.nsec3 import PARAMETERS, Chain, hash_of, label_of
from resolver.zone.records import DNSKEY, IN, NSEC3, NSEC3PARAM, RRSIG, RecordSet, labels_of

DAY = 86400
POINTER_OCTETS = 2
LIFE_SECONDS = 14 * DAY  # rst.md, dnssec-04 and its advice: 14 to 30 days, never under 12 hours
REFRESH_SECONDS = 7 * DAY  # replaced with this much left: a week without any of us still validates
JITTER_SECONDS = DAY
BACKDATE_SECONDS = 3600  # clocks of validators differ


@dataclass(frozen=True, slots=True)
class Kept:
    """A signature, what it was made over, and until when it is given out."""

    records: RecordSet
    signature: RecordSet
    until: int


@dataclass(frozen=True, slots=True)
class Proof:
    """An NSEC3 record and its signature as octets, with two places where a pointer belongs.

    ``label`` is the first label of the owner; a pointer to the origin follows, then ``record``, a pointer to the label, ``signature``.
    """

    label: bytes
    record: bytes
    signature: bytes
    size: int
    until: int


class Signing:
    """Key, NSEC3 chain and signatures of the zone ``origin``."""

    def __init__(self, origin: bytes, key: SigningKey, now: datetime) -> None:
        self.origin = origin
        self.key = key
        self.chain = Chain()
        self.now = int(now.timestamp())
        self._kept: dict[tuple[bytes, int], Kept] = {}
        self._proofs: dict[bytes, Proof] = {}
        self._wildcard: bytes | None = None

    def advance(self, now: datetime) -> None:
        """Say what time it is."""
        self.now = int(now.timestamp())

    def apex_sets(self, ttl: int) -> tuple[RecordSet, RecordSet]:
        """DNSKEY and NSEC3PARAM. The latter has TTL 0: it is for servers of the zone, nobody caches it."""
        keys = RecordSet(self.origin, DNSKEY, ttl, (self.key.rdata,))
        return keys, RecordSet(self.origin, NSEC3PARAM, 0, (PARAMETERS,))

    def signature(self, records: RecordSet) -> RecordSet:
        """The RRSIG over a set."""
        return self.kept(records).signature

    def kept(self, records: RecordSet) -> Kept:
        """The signature over a set and until when it is good; made now when there is none, or none of these very records."""
        place = (records.owner, records.type)
        found = self._kept.get(place)
        if found is None or found.until <= self.now or found.records != records:
            found = self._kept[place] = self._sign(records)
        return found

    def include(self, name: bytes, types: frozenset[int]) -> None:
        """Put a name into the NSEC3 chain, or give it other types."""
        digest = hash_of(name)
        self.chain.add(digest, types)
        self._renew_around(digest)

    def exclude(self, name: bytes, *types: int) -> None:
        """Take a name out of the chain and let go of the signatures of its sets of these types."""
        digest = hash_of(name)
        self.chain.discard(digest)
        self._renew_around(digest)
        for kind in types:
            self._kept.pop((name, kind), None)
        self._kept.pop((label_of(digest) + self.origin, NSEC3), None)

    def covering(self, name: bytes) -> bytes:
        """The hash in the chain whose record matches or covers ``name``."""
        return self.chain.covering(hash_of(name))

    def wildcard(self) -> bytes:
        """The same for the wildcard at the apex, which every NXDOMAIN must deny."""
        if self._wildcard is None:
            self._wildcard = self.covering(b"\x01*" + self.origin)
        return self._wildcard

    def proof(self, digest: bytes, ttl: int) -> "Proof":
        """The NSEC3 record at a hash of the chain with its signature, packed and kept."""
        found = self._proofs.get(digest)
        if found is None or found.until <= self.now:
            kept = self.kept(self.chain.record(digest, self.origin, ttl))
            found = self._proofs[digest] = _pack(kept)
        return found

    def _renew_around(self, digest: bytes) -> None:
        """Forget the packed records that a change at ``digest`` touches: its own, and the one whose span it ends or splits."""
        self._wildcard = None
        self._proofs.pop(digest, None)
        self._proofs.pop(self.chain.before(digest), None)

    def _sign(self, records: RecordSet) -> Kept:
        expiration = self.now + LIFE_SECONDS + zlib.crc32(records.owner) % JITTER_SECONDS
        rdata = sign(self.key, records, self.origin, self.now - BACKDATE_SECONDS, expiration)
        signature = RecordSet(records.owner, RRSIG, records.ttl, (rdata,))
        return Kept(records, signature, expiration - REFRESH_SECONDS)


def sign(key: SigningKey, records: RecordSet, signer: bytes, inception: int, expiration: int) -> bytes:
    """RRSIG rdata over a set (RFC 4034 section 3.1); instants in seconds of the epoch, carried modulo 2**32."""
    head = struct.pack(
        "!HBBIIIH",
        records.type,
        ALGORITHM,
        len(labels_of(records.owner)),
        records.ttl,
        expiration & 0xFFFFFFFF,
        inception & 0xFFFFFFFF,
        key.tag,
    )
    fixed = records.owner + struct.pack("!HHI", records.type, 1, records.ttl)
    each = (fixed + len(rdata).to_bytes(2, "big") + rdata for rdata in sorted(records.rdatas))
    return head + signer + key.sign(head + signer + b"".join(each))


def _pack(kept: Kept) -> Proof:
    label = labels_of(kept.records.owner)[0]
    record, signature = (_after_owner(each) for each in (kept.records, kept.signature))
    return Proof(label, record, signature, len(label) + len(record) + len(signature) + 2 * POINTER_OCTETS, kept.until)


def _after_owner(records: RecordSet) -> bytes:
    return struct.pack("!HHIH", records.type, IN, records.ttl, len(records.rdatas[0])) + records.rdatas[0]
