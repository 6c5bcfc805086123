"""The signed zone as a master file (RFC 1035 section 5, RFC 4034, RFC 5155), from one snapshot of the register."""

from collections.abc import Iterator
from typing import TextIO

import dns.rdata
import dns.rdataclass
import dns.rdatatype

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import Feed
from registry.kernel.names import to_a
from resolver.following.follower import build_zone
from resolver.zone.records import DS, NS, RecordSet, to_text, to_wire
from resolver.zone.zone import Zone


async def export_zone(config: Config, db: Database, tld: str, out: TextIO, clock: Clock) -> None:
    """Write the zone ``tld`` (A-label or U-label) to ``out``; refuses with NOT_FOUND when it is none of ours.

    The serial is the one under which the zone was last published, so that the file and the answers agree.
    """
    name = _a_label(tld)
    async with Feed(db).snapshot() as (conn, _):
        zone = await build_zone(conn, config, name, clock.now())
    if zone is None:
        raise _unknown(tld)
    out.write(f"; {to_text(zone.origin)} serial {zone.serial}, exported {clock.now().isoformat(timespec='seconds')}\n")
    for records in signed_sets(zone):
        out.writelines(lines(records))


def signed_sets(zone: Zone) -> Iterator[RecordSet]:
    """Every set of a zone, with its signature where it has one, then the NSEC3 chain."""
    signing = zone.signing
    if signing is None:
        yield from zone.record_sets()
        return
    for records in zone.record_sets():
        yield records
        if records.owner in zone.fixed or records.type == DS:
            yield signing.signature(records)
    for digest in signing.chain.order():
        records = signing.chain.record(digest, zone.origin, zone.negative_ttl)
        yield records
        yield signing.signature(records)


def lines(records: RecordSet) -> Iterator[str]:
    """The lines of a master file for a set."""
    kind = dns.rdatatype.RdataType.make(records.type)
    head = f"{to_text(records.owner)} {records.ttl} IN {dns.rdatatype.to_text(kind)} "
    for rdata in records.rdatas:
        if records.type == NS:
            yield f"{head}{to_text(rdata)}\n"
        else:
            yield f"{head}{dns.rdata.from_wire(dns.rdataclass.IN, kind, rdata, 0, len(rdata)).to_text()}\n"


def _a_label(tld: str) -> str:
    try:
        name = to_a(tld.rstrip("."))
        to_wire(name)
    except ValueError as error:
        raise _unknown(tld) from error
    return name


def _unknown(tld: str) -> Refusal:
    return Refusal(Reason.NOT_FOUND, f"本注册局没有区 {tld}", f"there is no zone {tld} here", where="tld", value=tld)
