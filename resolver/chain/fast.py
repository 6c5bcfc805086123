"""The packed path: the usual questions answered from octets, without parsing into objects.

It answers only what it understands completely and says None to the rest, which then goes the way of the reference chain
(``resolver/chain/slow.py``). Equality of the two is a property test (``tests/resolver/test_paths_agree.py``).

What is usual: opcode QUERY, one question of class IN with an uncompressed name, nothing else in the message but perhaps one OPT
record of version 0 whose options nobody acts upon.
"""

import struct
from resolver.chain.question import PLAIN_UDP_PAYLOAD, TCP_PAYLOAD, UDP_PAYLOAD
from resolver.chain.steps import ANY, AXFR, IXFR, MAILA, MAILB, OPT, TKEY, TSIG, Zones
from resolver.signing.nsec3 import hash_of
from resolver.signing.signing import Signing
from resolver.zone.delegation import Entry, counts
from resolver.zone.records import MAX_LABEL_OCTETS, MAX_NAME_OCTETS
from resolver.zone.zone import Zone

HEADER_OCTETS = 12
ONE_QUESTION = b"\0\1\0\0\0\0"
NO_OPT, ONE_OPT = b"\0\0", b"\0\1"
OPT_HEAD = b"\0\0\x29"
OPT_OCTETS = 11
OPCODE_AND_QR = 0xF8
RD = 0x01
SLOW_TYPES = frozenset(kind.to_bytes(2, "big") for kind in (ANY, AXFR, IXFR, MAILA, MAILB, OPT, TKEY, TSIG))
CLASS_IN = b"\0\1"
TYPE_DS_IN = b"\0\x2b\0\1"
TYPE_RRSIG = b"\0\x2e"
Made = tuple[tuple[bytes, bytes], bytes, bytes]  # flags without and with RD, three counts, the records
# Options that the reference chain would look into, so that malformed ones are its business: NSID, ECS, cookie, errors, report channel.
PARSED_OPTIONS = frozenset({3, 8, 10, 15, 18})
COOKIE = 10
COOKIE_OCTETS = frozenset({8, *range(16, 41)})  # RFC 7873 section 4

NXDOMAIN, REFUSED = 3, 5


def _heads(rcode: int, second: int) -> tuple[bytes, bytes]:
    """Flags and question count, without and with RD (RFC 1035 section 4.1.1)."""
    return bytes((0x80 | second, rcode, 0, 1)), bytes((0x80 | second | RD, rcode, 0, 1))


AA, TC = 0x04, 0x02
REFERRED, ANSWERED, ABSENT, REFUSING = _heads(0, 0), _heads(0, AA), _heads(NXDOMAIN, AA), _heads(REFUSED, 0)
TRUNCATED = {
    head: (bytes((head[0][0] | TC,)) + head[0][1:], bytes((head[1][0] | TC,)) + head[1][1:])
    for head in (REFERRED, ANSWERED, ABSENT)
}
NOTHING, NOTHING_EDNS = counts(0, 0, 0), counts(0, 0, 1)
SOA_ONLY, SOA_ONLY_EDNS = counts(0, 1, 0), counts(0, 1, 1)
OUR_OPT = OPT_HEAD + UDP_PAYLOAD.to_bytes(2, "big") + b"\0\0\0\0\0\0"
OUR_OPT_DO = OPT_HEAD + UDP_PAYLOAD.to_bytes(2, "big") + b"\0\0\x80\0\0\0"
NOT_AUTHORITATIVE = struct.pack("!HHH", 15, 2, 20)  # extended error 20 as an option (RFC 8914 section 2)


def answer(packet: bytes, zones: Zones, *, over_udp: bool = True) -> bytes | None:
    """The answer to a usual question, or None: ask the reference chain. Never raises."""
    try:
        if packet[2] & OPCODE_AND_QR or packet[4:10] != ONE_QUESTION:
            return None
        return _answer(packet, zones, over_udp)
    except IndexError:
        return None


def _answer(packet: bytes, zones: Zones, over_udp: bool) -> bytes | None:
    at = HEADER_OCTETS
    second = last = at
    while length := packet[at]:
        if length > MAX_LABEL_OCTETS:
            return None
        second, last = last, at
        at += length + 1
    end = at + 5
    if end - 4 - HEADER_OCTETS > MAX_NAME_OCTETS:
        return None
    edns = _edns(packet, end)
    asked = packet[at + 1 : end]
    if edns is None or asked[:2] in SLOW_TYPES or asked[2:] != CLASS_IN:
        return None
    opt, limit = edns
    name = packet[HEADER_OCTETS : at + 1].lower()
    zone = zones.get(name[last - HEADER_OCTETS :])
    rd = packet[2] & RD
    head = packet[:2]
    question = packet[HEADER_OCTETS:end]
    if zone is None:
        return _refusal(head, rd, question, opt)
    entry = zone.entries.get(name[second - HEADER_OCTETS : last - HEADER_OCTETS])
    if entry is not None and asked == TYPE_DS_IN and second == HEADER_OCTETS:
        return None
    if opt is OUR_OPT_DO and zone.signing:
        made = _signed(zone, zone.signing, entry, name, asked, second - HEADER_OCTETS, last - HEADER_OCTETS)
    else:
        made = _plain(zone, entry, name, asked, second - HEADER_OCTETS, last - HEADER_OCTETS, bool(opt))
    if made is None:
        return None
    kind, number, body = made
    if HEADER_OCTETS + len(question) + len(body) + len(opt) > (limit if over_udp else TCP_PAYLOAD):
        return b"".join((head, TRUNCATED[kind][rd], NOTHING_EDNS if opt else NOTHING, question, opt))
    return b"".join((head, kind[rd], number, question, body, opt))


def _plain(zone: Zone, entry: Entry | None, name: bytes, asked: bytes, p: int, q: int, edns: bool) -> Made | None:
    if entry is not None:
        referral = entry.referral(zone.origin, zone.ttl)
        return REFERRED, referral.counts_edns if edns else referral.counts, referral.whole.at(p, q)
    packed = zone.packed.get(name + asked)
    if packed is not None:  # packed with the whole name as its cut
        return ANSWERED, packed.counts_edns if edns else packed.counts, packed.section.at(0, q)
    if zone.signing and asked[:2] == TYPE_RRSIG and name in zone.fixed:
        return None
    return ANSWERED if name in zone.fixed else ABSENT, SOA_ONLY_EDNS if edns else SOA_ONLY, zone.negative.at(p, q)


def _signed(zone: Zone, signing: Signing, entry: Entry | None, name: bytes, asked: bytes, p: int, q: int) -> Made | None:
    """With DO, from a signed zone: see ``resolver/chain/proofs.py`` for what goes where and why."""
    if entry is not None:
        return _signed_referral(zone, signing, entry, name[p:], p, q)
    packed = zone.signed_answer(signing, name, asked)
    if packed is not None:
        return ANSWERED, packed.counts_edns, packed.section.at(0, q)
    if name in zone.fixed:
        if asked[:2] == TYPE_RRSIG:
            return None
        kind, digests = ANSWERED, [hash_of(name)]
    elif name[p:q] in zone.apex.reserved:
        return None
    else:
        kind, digests = ABSENT, [zone.apex_digest, hash_of(name[p:]), zone.wildcard_digest]
    soa = zone.signed_negative(signing)
    body, proofs = _proofs(zone, signing, digests, soa.size, q)
    return kind, counts(0, soa.count + 2 * proofs, 1), soa.at(p, q) + body


def _signed_referral(zone: Zone, signing: Signing, entry: Entry, cut: bytes, p: int, q: int) -> Made:
    if entry.ds:
        section, number = entry.signed_referral(signing, cut, zone.ttl)
        return REFERRED, number, section.at(p, q)
    referral = entry.referral(zone.origin, zone.ttl)
    servers, glue = referral.servers, referral.glue
    body, proofs = _proofs(zone, signing, [zone.apex_digest, hash_of(cut)], servers.size, q)
    number = counts(0, servers.count + 2 * proofs, glue.count + 1)
    return REFERRED, number, servers.at(p, q) + body + glue.at(p, q)


def _proofs(zone: Zone, signing: Signing, digests: list[bytes], base: int, q: int) -> tuple[bytes, int]:
    """The NSEC3 records for these hashes, each once, behind ``base`` octets; and how many."""
    body = b""
    wanted = {signing.chain.covering(digest) for digest in digests}
    for digest in wanted:
        section = signing.proof(digest, zone.negative_ttl)
        body += section.behind(base + len(body), 0, q)
    return body, len(wanted)


def _refusal(head: bytes, rd: int, question: bytes, opt: bytes) -> bytes:
    if not opt:
        return b"".join((head, REFUSING[rd], NOTHING, question))
    size = len(NOT_AUTHORITATIVE).to_bytes(2, "big")
    return b"".join((head, REFUSING[rd], NOTHING_EDNS, question, opt[:-2], size, NOT_AUTHORITATIVE))


def _edns(packet: bytes, at: int) -> tuple[bytes, int] | None:
    """Our OPT record (empty when the query has none) and the limit for UDP; None when the reference chain must look."""
    rest = len(packet) - at
    arcount = packet[10:12]
    if arcount == NO_OPT:
        return None if rest else (b"", PLAIN_UDP_PAYLOAD)
    if arcount != ONE_OPT or rest < OPT_OCTETS or packet[at : at + 3] != OPT_HEAD or packet[at + 6]:
        return None
    size = packet[at + 9] << 8 | packet[at + 10]
    if rest != OPT_OCTETS + size or (size and not _are_plain(packet, at + OPT_OCTETS)):
        return None
    offered = packet[at + 3] << 8 | packet[at + 4]
    limit = PLAIN_UDP_PAYLOAD if offered < PLAIN_UDP_PAYLOAD else min(offered, UDP_PAYLOAD)
    return (OUR_OPT_DO if packet[at + 7] & 0x80 else OUR_OPT), limit


def _are_plain(packet: bytes, at: int) -> bool:
    """Whether the options that fill the packet to its end are well formed and none needs a closer look."""
    while at < len(packet):
        code, size = packet[at] << 8 | packet[at + 1], packet[at + 2] << 8 | packet[at + 3]
        if code in PARSED_OPTIONS and not (code == COOKIE and size in COOKIE_OCTETS):
            return False
        at += 4 + size
    return at == len(packet)
