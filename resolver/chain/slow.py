"""From octets to octets by the reference chain: parse with dnspython, decide, render with dnspython."""

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from resolver.chain.question import UDP_PAYLOAD, Query, Reply
from resolver.chain.steps import Zones, decide
from resolver.zone.records import RecordSet

HEADER_OCTETS = 12
QR = 0x80
QUERY_FLAGS_KEPT = dns.flags.RD  # CD is cleared by an authoritative server (RFC 4035 section 3.1.6)


def answer(octets: bytes, zones: Zones, *, over_udp: bool) -> bytes | None:
    """The answer to a message, or None for what must never be answered: no header, or a response (RFC 1035 section 4.1.1)."""
    if len(octets) < HEADER_OCTETS or octets[2] & QR:
        return None
    query = parse(octets, over_udp=over_udp)
    return render(query, decide(query, zones))


def parse(octets: bytes, *, over_udp: bool) -> Query:
    """A message of at least a header; what is wrong with it is for the chain to say."""
    opcode = octets[2] >> 3 & 0xF
    message = _message(octets) if opcode == 0 else None
    if message is None or len(message.question) != 1:
        return Query(octets, opcode, message, over_udp=over_udp)
    question = message.question[0]
    name = question.name.canonicalize().to_wire() or b""  # always octets when no file is given
    return Query(octets, opcode, message, name, int(question.rdtype), int(question.rdclass), over_udp)


def _message(octets: bytes) -> dns.message.Message | None:
    try:
        return dns.message.from_wire(octets, keyring=False)
    except Exception:  # noqa: BLE001  # whatever the parser of 90 record types raises, the packet was malformed
        return None


def render(query: Query, reply: Reply) -> bytes:
    """The octets of a reply, truncated to nothing but TC when it does not fit (RFC 2181 section 9, RFC 9471)."""
    whole = _message_of(query, reply).to_wire(max_size=65535)
    if len(whole) <= query.limit:
        return whole
    bare = _message_of(query, Reply(reply.rcode, reply.is_authoritative, extended=reply.extended))
    bare.flags |= dns.flags.TC
    return bare.to_wire(max_size=65535)


def _message_of(query: Query, reply: Reply) -> dns.message.Message:
    message = dns.message.QueryMessage(id=int.from_bytes(query.octets[:2], "big"))
    asked = int.from_bytes(query.octets[2:4], "big")
    message.flags = dns.flags.QR | (asked & QUERY_FLAGS_KEPT)
    message.flags |= dns.flags.from_text("AA") if reply.is_authoritative else 0
    message.flags |= query.opcode << 11
    if query.message is not None and query.name:
        message.question = query.message.question
    if query.has_edns and query.message is not None:
        options: list[dns.edns.Option] = []
        if reply.extended is not None:
            options.append(dns.edns.EDEOption(dns.edns.EDECode(reply.extended)))
        message.use_edns(0, query.message.ednsflags & dns.flags.DO, UDP_PAYLOAD, options=options)
    message.set_rcode(dns.rcode.Rcode(reply.rcode))
    message.answer = [_rrset(each) for each in reply.answer]
    message.authority = [_rrset(each) for each in reply.authority]
    message.additional = [_rrset(each) for each in reply.additional]
    return message


def _rrset(records: RecordSet) -> dns.rrset.RRset:
    owner, _ = dns.name.from_wire(records.owner, 0)
    kind = dns.rdatatype.RdataType.make(records.type)
    rdatas = [dns.rdata.from_wire(dns.rdataclass.IN, kind, each, 0, len(each)) for each in records.rdatas]
    return dns.rrset.from_rdata_list(owner, records.ttl, rdatas)
