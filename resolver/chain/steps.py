"""The answering chain: one ordered list of steps, pure and synchronous. The first step that says something answers.

This is the reference: it works on parsed messages and plain record sets and is written to be read beside the RFCs. The packed
path (``resolver/chain/fast.py``) answers the usual questions without it, and a property test holds the two equal.
"""

from collections.abc import Callable, Mapping

import dns.edns
import dns.opcode
import dns.rcode
import dns.rdatatype

from resolver.chain.proofs import prove
from resolver.chain.question import Place, Query, Reply
from resolver.zone.records import DS, IN, RRSIG, SOA, RecordSet, labels_of
from resolver.zone.zone import Zone

ANY, AXFR, IXFR, MAILA, MAILB, OPT, TKEY, TSIG = 255, 252, 251, 254, 253, 41, 249, 250
NOT_A_QUESTION = frozenset(
    {OPT, TSIG}
)  # types of additional records only (RFC 6891 section 6.1.1, RFC 8945 section 4.2)
NOT_IMPLEMENTED = frozenset({TKEY, MAILA, MAILB})

Zones = Mapping[bytes, Zone]
Step = Callable[[Query, Zones], Reply | None]


def say(rcode: dns.rcode.Rcode, extended: dns.edns.EDECode | None = None) -> Reply:
    """A reply without records."""
    return Reply(int(rcode), extended=None if extended is None else int(extended))


def refuse_other_opcodes(query: Query, _: Zones) -> Reply | None:
    """Only QUERY is served. UPDATE and NOTIFY are known here but from nobody accepted; the rest is not implemented (RFC 8906 section 3.1.4)."""
    if query.opcode == dns.opcode.QUERY:
        return None
    known = query.opcode in (dns.opcode.UPDATE, dns.opcode.NOTIFY)
    return say(dns.rcode.REFUSED if known else dns.rcode.NOTIMP)


def refuse_malformed(query: Query, _: Zones) -> Reply | None:
    """What cannot be parsed is FORMERR (RFC 1035 section 4.1.1)."""
    return say(dns.rcode.FORMERR) if query.message is None else None


def refuse_unknown_edns(query: Query, _: Zones) -> Reply | None:
    """A version above 0 is BADVERS, whatever was asked (RFC 6891 section 6.1.3)."""
    return say(dns.rcode.BADVERS) if query.message is not None and query.message.edns > 0 else None


def answer_cookie_only(query: Query, _: Zones) -> Reply | None:
    """No question but a cookie: a client that wants to know its server cookie (RFC 7873 section 5.4)."""
    message = query.message
    if message is None or any(message.sections) or not query.wanted.cookie or query.manners.cookies is None:
        return None
    return say(dns.rcode.NOERROR)


def refuse_question_count(query: Query, _: Zones) -> Reply | None:
    """Exactly one question (RFC 9619)."""
    return say(dns.rcode.FORMERR) if not query.name else None


def refuse_signed_requests(query: Query, _: Zones) -> Reply | None:
    """No key is known, so a TSIG cannot be checked (RFC 8945 section 5.2)."""
    return say(dns.rcode.NOTAUTH) if query.message is not None and query.message.had_tsig else None


def refuse_meta_types(query: Query, _: Zones) -> Reply | None:
    """Types that cannot be asked for, and transfers, which nobody is allowed (RFC 5936 section 5)."""
    if query.type in NOT_A_QUESTION:
        return say(dns.rcode.FORMERR)
    if query.type in NOT_IMPLEMENTED:
        return say(dns.rcode.NOTIMP)
    return say(dns.rcode.REFUSED, dns.edns.EDECode.PROHIBITED) if query.type in (AXFR, IXFR) else None


def refuse_other_classes(query: Query, _: Zones) -> Reply | None:
    """Our zones are of class IN; nothing is told about the server itself in CHAOS."""
    return say(dns.rcode.REFUSED, dns.edns.EDECode.NOT_AUTHORITATIVE) if query.klass != IN else None


def refuse_out_of_zone(query: Query, zones: Zones) -> Reply | None:
    """No referral upwards and no NXDOMAIN for what is not ours (rst.md, dns-nameserver01; RFC 8914 section 4.21)."""
    return None if place_of(query.name, zones) else say(dns.rcode.REFUSED, dns.edns.EDECode.NOT_AUTHORITATIVE)


def answer_signer(query: Query, zones: Zones) -> Reply | None:
    """DS at a cut is the parent's to answer, with authority (RFC 4035 section 3.1.4.1)."""
    place = must_place(query, zones)
    entry = place.zone.entries.get(place.label)
    if entry is None or not place.is_cut or query.type != DS:
        return None
    signers = entry.signers(place.cut, place.zone.ttl)
    return found(signers) if signers else negative(place.zone, dns.rcode.NOERROR)


def refer(query: Query, zones: Zones) -> Reply | None:
    """At and below a cut: the child's name servers and their glue (RFC 1034 section 4.3.2, RFC 9471)."""
    place = must_place(query, zones)
    entry, zone = place.zone.entries.get(place.label), place.zone
    if entry is None:
        return None
    servers = entry.name_servers(place.cut, zone.origin, zone.ttl)
    glue = entry.glue_sets(place.cut, zone.origin, zone.ttl)
    return Reply(int(dns.rcode.NOERROR), authority=(servers,), additional=tuple(glue))


def answer_any(query: Query, zones: Zones) -> Reply | None:
    """ANY at a name of ours gets one set, not all (RFC 8482 section 4.1), and RRSIG gets the signature of that one."""
    zone = must_place(query, zones).zone
    sets = zone.fixed.get(query.name)
    if not sets or query.type not in (ANY, RRSIG) or (query.type == RRSIG and not zone.signing):
        return None
    one = sets[SOA if SOA in sets else min(sets)]
    return found(zone.signing.signature(one) if query.type == RRSIG and zone.signing else one)


def answer_fixed(query: Query, zones: Zones) -> Reply | None:
    """A set of the apex or of the registry's own names, with the addresses of name servers beside an NS set."""
    zone = must_place(query, zones).zone
    records = zone.fixed.get(query.name, {}).get(query.type)
    return found(records, tuple(zone.additional(records))) if records else None


def answer_no_data(query: Query, zones: Zones) -> Reply | None:
    """The name exists, the type does not (RFC 2308 section 2.2); also at empty non-terminals (RFC 8020 section 2)."""
    zone = must_place(query, zones).zone
    return negative(zone, dns.rcode.NOERROR) if query.name in zone.fixed else None


def answer_no_name(query: Query, zones: Zones) -> Reply | None:
    """The name does not exist (RFC 2308 section 2.1)."""
    return negative(must_place(query, zones).zone, dns.rcode.NXDOMAIN)


STEPS: tuple[Step, ...] = (
    refuse_other_opcodes,
    refuse_malformed,
    refuse_unknown_edns,
    answer_cookie_only,
    refuse_question_count,
    refuse_signed_requests,
    refuse_meta_types,
    refuse_other_classes,
    refuse_out_of_zone,
    answer_signer,
    refer,
    answer_any,
    answer_fixed,
    answer_no_data,
    answer_no_name,
)


def decide(query: Query, zones: Zones) -> Reply:
    """The reply of the first step that has one, with signatures and proofs when they are wanted and there are any."""
    for step in STEPS:
        if reply := step(query, zones):
            place = place_of(query.name, zones) if query.wants_dnssec and (reply.answer or reply.authority) else None
            return prove(reply, query.name, place) if place else reply
    raise AssertionError("the last step always answers")


def place_of(name: bytes, zones: Zones) -> Place | None:
    """Where a lower-case wire name lies, or None when it is in none of our zones."""
    labels = labels_of(name)
    if not labels or (zone := zones.get(labels[-1] + b"\0")) is None:
        return None
    label = labels[-2] if len(labels) > 1 else b""
    return Place(zone, label, is_cut=len(labels) == 2)


def serial_of(query: Query, reply: Reply, zones: Zones) -> int | None:
    """The serial of the zone that an answer was made from, None when it is from none (RFC 9660 section 3.2)."""
    if not query.name or reply.rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return None
    place = place_of(query.name, zones)
    return place.zone.serial if place else None


def must_place(query: Query, zones: Zones) -> Place:
    """The place of a name that an earlier step found to be ours."""
    place = place_of(query.name, zones)
    if place is None:
        raise AssertionError("refuse_out_of_zone comes first")
    return place


def found(records: RecordSet, additional: tuple[RecordSet, ...] = ()) -> Reply:
    """A positive answer."""
    return Reply(int(dns.rcode.NOERROR), is_authoritative=True, answer=(records,), additional=additional)


def negative(zone: Zone, rcode: dns.rcode.Rcode) -> Reply:
    """A negative answer, with the SOA that says how long it holds."""
    return Reply(int(rcode), is_authoritative=True, authority=(zone.negative_soa(),))
