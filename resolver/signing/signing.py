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
from resolver.signing.nsec3 import PARAMETERS, Chain
from resolver.zone.records import DNSKEY, NSEC3PARAM, RRSIG, RecordSet, labels_of

DAY = 86400
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


class Signing:
    """Key, NSEC3 chain and signatures of the zone ``origin``."""

    def __init__(self, origin: bytes, key: SigningKey, now: datetime) -> None:
        self.origin = origin
        self.key = key
        self.chain = Chain()
        self.now = int(now.timestamp())
        self._kept: dict[tuple[bytes, int], Kept] = {}

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

    def forget(self, owner: bytes, *types: int) -> None:
        """Let go of the signatures of sets that are no longer in the zone."""
        for kind in types:
            self._kept.pop((owner, kind), None)

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
