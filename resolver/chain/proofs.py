"""Signatures and proofs of absence for those who set DO (RFC 4035 section 3.1, RFC 5155 section 7.2)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from resolver.chain.question import Place, Reply
from resolver.signing.nsec3 import hash_of
from resolver.signing.signing import Signing
from resolver.zone.records import RRSIG, RecordSet, labels_of
from resolver.zone.zone import Zone

NXDOMAIN = 3
WILDCARD = b"\x01*"


def prove(reply: Reply, name: bytes, place: Place) -> Reply:
    """The reply about ``name`` with all that a validator needs; as it is when the zone is not signed."""
    zone = place.zone
    if zone.signing is None:
        return reply
    if not reply.is_authoritative:
        proof = _about_cut(zone, zone.signing, place)
        return replace(reply, authority=(*reply.authority, *proof))
    return replace(
        reply,
        answer=tuple(_signed(zone.signing, reply.answer)),
        authority=(*_signed(zone.signing, reply.authority), *_absence(zone, zone.signing, reply, name, place)),
        additional=tuple(_signed(zone.signing, reply.additional)),
    )


def _signed(signing: Signing, sets: Iterable[RecordSet]) -> Iterator[RecordSet]:
    for records in sets:
        yield records
        if records.type != RRSIG:
            yield signing.signature(records)


def _about_cut(zone: Zone, signing: Signing, place: Place) -> Iterator[RecordSet]:
    """Beside a referral: the signed DS, or the proof that there is none (RFC 5155 section 7.2.7)."""
    if signers := zone.entries[place.label].signers(place.cut, zone.ttl):
        return _signed(signing, (signers,))
    return _records(zone, signing, (zone.origin,), (place.cut,))


def _absence(zone: Zone, signing: Signing, reply: Reply, name: bytes, place: Place) -> Iterator[RecordSet]:
    """Beside an SOA: why there is nothing else."""
    if reply.answer or not reply.authority:
        return iter(())
    if reply.rcode == NXDOMAIN:  # RFC 5155 section 7.2.2
        encloser, next_closer = closest_encloser(zone, name)
        return _records(zone, signing, (encloser,), (next_closer, WILDCARD + encloser))
    if name in zone.fixed:  # section 7.2.3
        return _records(zone, signing, (name,), ())
    return _records(zone, signing, (zone.origin,), (place.cut,))  # section 7.2.4, opt-out


def closest_encloser(zone: Zone, name: bytes) -> tuple[bytes, bytes]:
    """The longest ancestor of ``name`` that exists, and the name one label longer (RFC 5155 section 7.2.1)."""
    next_closer = name
    for label in labels_of(name):
        ancestor = next_closer[len(label) :]
        if ancestor in zone.fixed:
            return ancestor, next_closer
        next_closer = ancestor
    raise AssertionError("the apex is an ancestor of every name in the zone")


def _records(
    zone: Zone, signing: Signing, matched: tuple[bytes, ...], covered: tuple[bytes, ...]
) -> Iterator[RecordSet]:
    """The NSEC3 records, each once, that match and cover these names, with their signatures."""
    digests = (signing.chain.covering(hash_of(name)) for name in (*matched, *covered))
    for digest in dict.fromkeys(digests):
        records = signing.chain.record(digest, zone.origin, zone.negative_ttl)
        yield records
        yield signing.signature(records)
