"""From octets to octets by the reference chain: parse with dnspython, decide, render with dnspython."""

from dataclasses import replace

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
import dns.wire

from resolver.chain.options import JUDGED_ELSEWHERE, NONE, PLAIN, Manners, Wanted, padding, read, told
from resolver.chain.options import option as make_option
from resolver.chain.question import UDP_PAYLOAD, Query, Reply
from resolver.chain.steps import Zones, decide, serial_of
from resolver.zone.records import RecordSet

HEADER_OCTETS = 12
QR = 0x80
QUERY_FLAGS_KEPT = dns.flags.RD  # CD is cleared by an authoritative server (RFC 4035 section 3.1.6)


def answer(
    octets: bytes, zones: Zones, manners: Manners = PLAIN, client: bytes = b"", *, over_udp: bool
) -> bytes | None:
    """The answer to a message, or None for what must never be answered: no header, or a response (RFC 1035 section 4.1.1).

    ``client`` is the address that asks, 4 or 16 octets; only its cookie depends on it.
    """
    if len(octets) < HEADER_OCTETS or octets[2] & QR:
        return None
    query = parse(octets, manners, client, over_udp=over_udp)
    reply = decide(query, zones)
    return render(query, reply, serial_of(query, reply, zones))


def parse(octets: bytes, manners: Manners = PLAIN, client: bytes = b"", *, over_udp: bool) -> Query:
    """A message of at least a header; what is wrong with it is for the chain to say."""
    opcode = octets[2] >> 3 & 0xF
    message = _message(octets) if opcode == 0 else None
    query = Query(octets, opcode, message, over_udp=over_udp, wanted=_wanted(message), manners=manners, client=client)
    if message is None or len(message.question) != 1:
        return query
    question = message.question[0]
    name = question.name.canonicalize().to_wire() or b""  # always octets when no file is given
    return replace(query, name=name, type=int(question.rdtype), klass=int(question.rdclass))


def _wanted(message: dns.message.Message | None) -> Wanted:
    """The options of a message that dnspython found well formed."""
    if message is None or not message.options:
        return NONE
    pairs = ((option.otype, option.to_wire() or b"") for option in message.options)
    known = b"".join(make_option(code, data) for code, data in pairs if code not in JUDGED_ELSEWHERE)
    return read(known) or NONE


def _message(octets: bytes) -> dns.message.Message | None:
    try:
        return dns.message.from_wire(octets, keyring=False)
    except Exception:  # noqa: BLE001  # whatever the parser of 90 record types raises, the packet was malformed
        return None


def render(query: Query, reply: Reply, serial: int | None = None) -> bytes:
    """The octets of a reply, truncated to nothing but TC when it does not fit (RFC 2181 section 9, RFC 9471).

    ``serial`` is that of the zone which holds the name, for those who ask for it.
    """
    options = told(query.wanted, query.manners, query.client, serial, reply.extended) if query.has_edns else b""
    message = _message_of(query, reply, options)
    whole = message.to_wire(max_size=65535)
    if len(whole) > query.limit:
        message = _message_of(query, Reply(reply.rcode, reply.is_authoritative), options)
        message.flags |= dns.flags.TC
        whole = message.to_wire(max_size=65535)
    if query.has_edns and (more := padding(query.wanted, query.manners, len(whole))):
        _add_options(message, more)
        whole = message.to_wire(max_size=65535)
    return whole


def _add_options(message: dns.message.Message, octets: bytes) -> None:
    parser = dns.wire.Parser(octets)
    more = []
    while parser.remaining():
        code, size = parser.get_struct("!HH")
        more.append(dns.edns.GenericOption(code, parser.get_bytes(size)))
    message.use_edns(0, message.ednsflags, UDP_PAYLOAD, options=[*message.options, *more])


def _message_of(query: Query, reply: Reply, options: bytes) -> dns.message.Message:
    message = dns.message.QueryMessage(id=int.from_bytes(query.octets[:2], "big"))
    asked = int.from_bytes(query.octets[2:4], "big")
    message.flags = dns.flags.QR | (asked & QUERY_FLAGS_KEPT)
    message.flags |= dns.flags.from_text("AA") if reply.is_authoritative else 0
    message.flags |= query.opcode << 11
    if query.message is not None and query.name:
        message.question = query.message.question
    if query.has_edns and query.message is not None:
        message.use_edns(0, query.message.ednsflags & dns.flags.DO, UDP_PAYLOAD)
        _add_options(message, options)
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
