"""The packed path: the usual questions answered from octets, without parsing into objects.

It answers only what it understands completely and says None to the rest, which then goes the way of the reference chain
(``resolver/chain/slow.py``). Equality of the two is a property test (``tests/resolver/test_paths_agree.py``).

What is usual: opcode QUERY, one question of class IN with an uncompressed name, nothing else in the message but perhaps
one OPT record of version 0, with any options that are well formed. In the code ``p`` and ``q`` are the octets of the question's name
ahead of the delegated name and ahead of the origin of the zone (``resolver/zone/packing.py``).
"""

from resolver.chain.options import PLAIN, Manners, Wanted, padding, read, told
from resolver.chain.question import PLAIN_UDP_PAYLOAD, TCP_PAYLOAD, UDP_PAYLOAD
from resolver.chain.steps import ANY, AXFR, IXFR, MAILA, MAILB, OPT, TKEY, TSIG, Zones
from resolver.signing.nsec3 import hash_of
from resolver.signing.signing import Signing
from resolver.zone.delegation import Entry, counts
from resolver.zone.packing import HEADER_OCTETS, MAX_POINTER, POINTER, QUESTION_TAIL_OCTETS
from resolver.zone.records import AAAA, DNSKEY, DS, MAX_LABEL_OCTETS, MAX_NAME_OCTETS, NS, RRSIG, SOA, TXT, A
from resolver.zone.zone import Zone

ONE_QUESTION, ONE_QUESTION_AND_ONE_MORE = b"\0\1\0\0\0\0\0\0", b"\0\1\0\0\0\0\0\1"  # the four counts
OPT_HEAD = b"\0\0\x29"
OPT_OCTETS = 11
OPT_SIZE_AT = 9  # where the length of the options stands
OPCODE_AND_QR = 0xF8
RD, AA, TC = 0x01, 0x04, 0x02
NXDOMAIN, REFUSED = 3, 5

CLASS_IN = b"\0\1"
DS_IN = DS.to_bytes(2, "big") + CLASS_IN
RARE_IN = frozenset(kind.to_bytes(2, "big") + CLASS_IN for kind in (ANY, RRSIG))  # asked of our own names
USUAL = frozenset(kind.to_bytes(2, "big") + CLASS_IN for kind in (A, NS, SOA, TXT, AAAA, DS, DNSKEY))  # looked at first
SLOW_TYPES = frozenset(kind.to_bytes(2, "big") for kind in (AXFR, IXFR, MAILA, MAILB, OPT, TKEY, TSIG))
POINTERS = tuple((POINTER | offset).to_bytes(2, "big") for offset in range(MAX_POINTER + 1))  # RFC 1035 section 4.1.4

Heads = tuple[bytes, bytes]  # flags and question count (RFC 1035 section 4.1.1), without and with RD
Made = tuple[Heads, bytes, bytes]  # those, the three other counts, the records


def _heads(rcode: int, flags: int) -> Heads:
    return bytes((0x80 | flags, rcode, 0, 1)), bytes((0x80 | flags | RD, rcode, 0, 1))


REFERRED, ANSWERED, ABSENT, REFUSING = _heads(0, 0), _heads(0, AA), _heads(NXDOMAIN, AA), _heads(REFUSED, 0)
TRUNCATED = {REFERRED: _heads(0, TC), ANSWERED: _heads(0, AA | TC), ABSENT: _heads(NXDOMAIN, AA | TC)}
NOTHING, NOTHING_EDNS = counts(0, 0, 0), counts(0, 0, 1)
SOA_ONLY, SOA_ONLY_EDNS = counts(0, 1, 0), counts(0, 1, 1)
OUR_OPT = OPT_HEAD + UDP_PAYLOAD.to_bytes(2, "big") + b"\0\0\0\0\0\0"
OUR_OPT_DO = OPT_HEAD + UDP_PAYLOAD.to_bytes(2, "big") + b"\0\0\x80\0\0\0"
USUAL_EDNS: dict[bytes, tuple[bytes, int, Wanted | None]] = {  # what most resolvers send: without options
    OPT_HEAD + size.to_bytes(2, "big") + flags + b"\0\0": (opt, max(PLAIN_UDP_PAYLOAD, min(size, UDP_PAYLOAD)), None)
    for size in (512, 1220, 1232, 1400, 1410, 1452, 1472, 4000, 4096, 8192, 65494, 65535)
    for flags, opt in ((bytes(4), OUR_OPT), (b"\0\0\x80\0", OUR_OPT_DO))
}
NOT_AUTHORITATIVE = 20  # extended error (RFC 8914 section 4.21)
NO_OPTIONS = Wanted()


def answer(  # noqa: C901, PLR0911, PLR0912  # in one piece on purpose: a call costs a twentieth of an answer
    packet: bytes, zones: Zones, manners: Manners = PLAIN, client: bytes = b"", *, over_udp: bool = True
) -> bytes | None:
    """The answer to a usual question, or None: ask the reference chain. Never raises.

    ``client`` is the address that asks, 4 or 16 octets; only its cookie depends on it.
    """
    try:
        if packet[2] & OPCODE_AND_QR:
            return None
        at = second = last = HEADER_OCTETS
        while length := packet[at]:
            if length > MAX_LABEL_OCTETS:
                return None
            second, last = last, at
            at += length + 1
        end = at + 5
        if len(packet) == end and packet[4:12] == ONE_QUESTION:
            opt, limit, wanted = b"", PLAIN_UDP_PAYLOAD, None
        elif (known := USUAL_EDNS.get(packet[end:])) and packet[4:12] == ONE_QUESTION_AND_ONE_MORE:
            opt, limit, wanted = known
        else:
            opt, limit, wanted = edns(packet, end)
    except IndexError:
        return None
    asked = packet[at + 1 : end]
    if not limit or at >= HEADER_OCTETS + MAX_NAME_OCTETS or (asked not in USUAL and _is_slow(asked)):
        return None
    name = packet[HEADER_OCTETS : at + 1].lower()
    p, q = second - HEADER_OCTETS, last - HEADER_OCTETS
    zone = zones.get(name[q:])
    if zone is None:
        return _refusal(packet, end, opt, wanted, manners, client)
    entry = zone.entries.get(name[p:q])
    if opt is OUR_OPT_DO and zone.signing:
        made = _signed(zone, zone.signing, entry, name, asked, p, q)
    elif entry is not None and (p or asked != DS_IN):  # nine of ten questions come here: no call that can be spared
        referral = entry.packed or entry.referral(zone.origin, zone.ttl)
        whole = referral.whole
        records = (whole.number + p * whole.cut_mask + q * whole.origin_mask).to_bytes(whole.size, "big")
        made = REFERRED, referral.counts_edns if opt else referral.counts, records
    else:
        made = _plain(zone, entry, name, asked, p, q, opt)
    if made is None:
        return None
    heads, number, records = made
    if wanted:
        opt = with_options(opt, told(wanted, manners, client, zone.serial))
    size = end + len(records) + len(opt)
    if size > limit and (over_udp or size > TCP_PAYLOAD):
        heads, number, records = TRUNCATED[heads], NOTHING_EDNS if opt else NOTHING, b""
    if wanted and wanted.padding:
        opt = with_options(opt, padding(wanted, manners, end + len(records) + len(opt)))
    return packet[:2] + heads[packet[2] & RD] + number + packet[HEADER_OCTETS:end] + records + opt


def _is_slow(asked: bytes) -> bool:
    return asked[2:] != CLASS_IN or asked[:2] in SLOW_TYPES


def _plain(zone: Zone, entry: Entry | None, name: bytes, asked: bytes, p: int, q: int, opt: bytes) -> Made | None:
    """What is no referral: an answer at a name of ours, or a negative one."""
    packed = zone.packed.get(name + asked)
    if packed is not None:  # packed with the whole name as its cut
        return ANSWERED, packed.counts_edns if opt else packed.counts, packed.section.at(0, q)
    exists = entry is not None or name in zone.fixed
    if exists and _is_rare(zone, entry, asked, name[p:q], exists=True):
        return None
    return ANSWERED if exists else ABSENT, SOA_ONLY_EDNS if opt else SOA_ONLY, zone.negative.at(p, q)


def _signed(
    zone: Zone, signing: Signing, entry: Entry | None, name: bytes, asked: bytes, p: int, q: int
) -> Made | None:
    """With DO, from a signed zone: see ``resolver/chain/proofs.py`` for what goes where and why."""
    if entry is not None and (p or asked != DS_IN):
        return _signed_referral(zone, signing, entry, name[p:], p, q)
    packed = zone.signed_answer(signing, name, asked)
    if packed is not None:
        return ANSWERED, packed.counts_edns, packed.section.at(0, q)
    if entry is not None:
        heads, wanted = ANSWERED, {zone.apex_digest, signing.covering(name)}
    elif name in zone.fixed:
        heads, wanted = ANSWERED, {hash_of(name)}
    else:
        heads, wanted = ABSENT, {zone.apex_digest, signing.covering(name[p:]), signing.wildcard()}
    if _is_rare(zone, entry, asked, name[p:q], exists=heads is ANSWERED):
        return None
    soa = zone.signed_negative(signing)
    records = _proofs(zone, signing, wanted, HEADER_OCTETS + len(name) + len(asked) + soa.size, q)
    return heads, counts(0, soa.count + 2 * len(wanted), 1), soa.at(p, q) + records


def _is_rare(zone: Zone, entry: Entry | None, asked: bytes, label: bytes, *, exists: bool) -> bool:
    """What is left to the reference chain: ANY and RRSIG of our own names, an existing DS, names missing below the registry's."""
    if not exists:
        return label in zone.apex.reserved
    return asked in RARE_IN or (entry is not None and bool(entry.ds))


def _signed_referral(zone: Zone, signing: Signing, entry: Entry, cut: bytes, p: int, q: int) -> Made:
    if entry.ds:
        section, number = entry.signed_referral(signing, cut, zone.ttl)
        return REFERRED, number, section.at(p, q)
    referral = entry.packed or entry.referral(zone.origin, zone.ttl)
    servers, glue = referral.servers, referral.glue
    wanted = {zone.apex_digest, signing.covering(cut)}
    place = HEADER_OCTETS + p + len(cut) + QUESTION_TAIL_OCTETS + servers.size
    records = servers.at(p, q) + _proofs(zone, signing, wanted, place, q)
    number = counts(0, servers.count + 2 * len(wanted), glue.count + 1)
    return REFERRED, number, records + glue.at(p, q) if glue.count else records


def _proofs(zone: Zone, signing: Signing, digests: set[bytes], place: int, q: int) -> bytes:
    """The NSEC3 records at these hashes, to stand ``place`` octets into the message."""
    origin, pieces = POINTERS[HEADER_OCTETS + q], list[bytes]()
    for digest in digests:
        proof = signing.proof(digest, zone.negative_ttl)
        pieces += (proof.label, origin, proof.record, POINTERS[place], proof.signature)
        place += proof.size
    return b"".join(pieces)


def _refusal(packet: bytes, end: int, opt: bytes, wanted: Wanted | None, manners: Manners, client: bytes) -> bytes:
    head, question = packet[:2] + REFUSING[packet[2] & RD], packet[HEADER_OCTETS:end]
    if not opt:
        return head + NOTHING + question
    opt = with_options(opt, told(wanted or NO_OPTIONS, manners, client, None, NOT_AUTHORITATIVE))
    if wanted and wanted.padding:
        opt = with_options(opt, padding(wanted, manners, end + len(opt)))
    return head + NOTHING_EDNS + question + opt


def with_options(opt: bytes, options: bytes) -> bytes:
    """An OPT record that ends its message with these options behind those that it has."""
    size = len(opt) - OPT_OCTETS + len(options)
    return opt[:OPT_SIZE_AT] + size.to_bytes(2, "big") + opt[OPT_OCTETS:] + options


def edns(packet: bytes, at: int) -> tuple[bytes, int, Wanted | None]:
    """Our OPT record, the limit for UDP, and the options if there are any; a limit of 0 when the reference chain must look."""
    rest = len(packet) - at
    if (
        packet[4:12] != ONE_QUESTION_AND_ONE_MORE
        or rest < OPT_OCTETS
        or packet[at : at + 3] != OPT_HEAD
        or packet[at + 6]
    ):
        return b"", 0, None
    size, wanted = packet[at + 9] << 8 | packet[at + 10], None
    if rest != OPT_OCTETS + size or (size and not (wanted := read(packet, at + OPT_OCTETS))):
        return b"", 0, None
    offered = packet[at + 3] << 8 | packet[at + 4]
    limit = PLAIN_UDP_PAYLOAD if offered < PLAIN_UDP_PAYLOAD else min(offered, UDP_PAYLOAD)
    return (OUR_OPT_DO if packet[at + 7] & 0x80 else OUR_OPT), limit, wanted
