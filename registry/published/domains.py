"""Whose is this name: one statement a question, whatever spelling it is asked in.

A name is found by any member of its bundle (RFC 4713, RFC 9095). A name that no bundle holds but whose index label
belongs to a registered one is another spelling of it, and is answered as such (RFC 3743, section 3.6).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from registry.kernel.db import Connection, Database, Record
from registry.model.domain import Deadlines, DelegationSigner, Domain, Member
from registry.model.lock import read_lock
from registry.model.snapshot import read_grace, read_transfer
from registry.policy.idn.bundle import Disposition
from registry.published import reading
from registry.published.names import AskedName, disposition_of, read_name
from registry.published.records import DomainRecord, Found, PastHolder, Retired, ServerRecord, Variant

# Columns are named, so that what the view computes besides costs nothing.
_COLUMNS = """
select d.roid, d.name, d.unicode, d.tld, d.tld_set, d.table_id, d.index_label, d.registrar_id, d.registrant_id, d.uscc, d.statuses,
    d.created_at, d.updated_at, d.expires_at, d.transferred_at, d.deleted_at, d.graces, d.transfer, d.redemption, d.pending_delete,
    d.lock, d.restore_requested_at, d.restore_report,
    (select json_agg(json_build_array(b.name, b.unicode, b.role)
                     order by array_position(array['registered', 'simplified'], b.role), b.name)
     from published.bundle_name b where b.domain_roid = d.roid) as members,
    (select to_json(r) from published.registrar r where r.id = d.registrar_id) as registrar,
    (select to_json(b) from published.body b where b.uscc = d.uscc) as body,
    array(select n.name from published.body_name n where d.uscc <> '' and n.uscc = d.uscc and n.role = 'former'
          order by n.valid_to desc nulls last, n.name) as former_names,
    (select json_agg(json_build_array(s.before, coalesce(b.name, ''), s.at) order by s.at desc)
     from published.name_decision s left join published.body b on b.uscc = s.before
     where s.domain_roid = d.roid and s.choice = 'follow') as past_holders,
    (select to_json(c) from published.contact c where c.id = d.registrant_id) as registrant,
    (select json_agg(json_build_array(l.type, to_json(c)) order by l.type, c.id)
     from published.domain_contact l join published.contact c on c.id = l.contact_id where l.domain_roid = d.roid) as contacts,
    (select json_agg(json_build_array(h.roid, h.name, h.addresses, h.updated_at) order by h.name)
     from published.domain_host l join published.host h on h.roid = l.host_roid where l.domain_roid = d.roid) as servers,
    (select json_agg(json_build_array(s.key_tag, s.algorithm, s.digest_type, encode(s.digest, 'hex'))
                     order by s.key_tag, s.algorithm, s.digest_type, s.digest)
     from published.domain_ds s where s.domain_roid = d.roid) as signers,
    (select json_agg(to_json(m) order by m.issued_at desc, m.id) from published.mark m
     where d.uscc <> '' and m.uscc = d.uscc and exists (
         select from unnest(m.hosts) h join published.bundle_name b on b.domain_roid = d.roid
         where h = b.name or right(h, length(b.name) + 1) = '.' || b.name)) as marks"""
# A member first, and only when there is none the holder of the class.
_DOMAIN = f"""
with found as materialized (
    select n.domain_roid as roid from published.bundle_name n where n.name = $1
    union all
    select d.roid from published.tld t
    join published.domain d on d.tld_set = t.tld_set and d.table_id = t.table_id and d.index_label = $3
    where t.name = $2 and not exists (select from published.bundle_name where name = $1)
    limit 1
)
{_COLUMNS}
from found join published.domain d on d.roid = found.roid"""
_SOME = f"{_COLUMNS} from published.domain d where d.roid = any ($1::text[])"
_RETIRED = """
select r.unicode, r.uscc, r.retired_at from published.tld t
join published.retired_name r on r.tld_set = t.tld_set and r.table_id = t.table_id and r.index_label = $2
where t.name = $1"""
_ZONES = "select name, unicode from published.tld order by name"


async def find(db: "Database | Connection[Record]", text: str) -> Found:
    """What the register holds under this name: two labels, in either form, any script.

    None when it holds nothing: nobody has the name, it lies in no zone of ours, or it is no name at all.
    """
    asked = read_name(text)
    return await find_asked(db, asked) if asked else None


async def find_asked(db: "Database | Connection[Record]", asked: AskedName) -> Found:
    """The same for a name that was read already."""
    row = await db.fetchrow(_DOMAIN, asked.name, asked.tld, asked.index)
    if row is None:
        return await _find_retired(db, asked)
    members = tuple(Member(*member) for member in row["members"])
    spelt = next((member for member in members if member.name == asked.name), None)
    record = _record(row, members, spelt or members[0])
    if spelt is not None:
        return record
    unicode = f"{asked.u_label}.{record.unicode.rpartition('.')[2]}"
    return Variant(asked.name, unicode, _standing(members, asked.u_label), record)


async def some(db: "Database | Connection[Record]", roids: Sequence[str]) -> list[DomainRecord]:
    """The domains with these ROIDs, in this order, each as its registered name; one that is gone is left out."""
    found = {}
    for row in await db.fetch(_SOME, list(roids)):
        members = tuple(Member(*member) for member in row["members"])
        found[row["roid"]] = _record(row, members, members[0])
    return [found[roid] for roid in roids if roid in found]


async def zones(db: "Database | Connection[Record]") -> dict[str, str]:
    """Our zones: A-label to text."""
    return {row["name"]: row["unicode"] for row in await db.fetch(_ZONES)}


def zone_of(text: str) -> str:
    """The A-label of the zone that a name lies in, or would; empty for what is no name."""
    asked = read_name(text)
    return asked.tld if asked else ""


async def _find_retired(db: "Database | Connection[Record]", asked: AskedName) -> Retired | None:
    row = await db.fetchrow(_RETIRED, asked.tld, asked.index)
    return Retired(asked.name, row["unicode"], row["uscc"], row["retired_at"]) if row else None


def _standing(members: tuple[Member, ...], u_label: str) -> Literal["withheld", "blocked"]:
    spellings = {member.role: member.unicode.rpartition(".")[0] for member in members}
    return "withheld" if disposition_of(spellings, u_label) is Disposition.WITHHELD else "blocked"


def _record(row: Record, members: tuple[Member, ...], asked: Member) -> DomainRecord:
    servers = tuple(
        ServerRecord(roid, name, tuple(addresses), reading.instant(changed))
        for roid, name, addresses, changed in row["servers"] or ()
    )
    return DomainRecord(
        domain=_domain(row, members, servers),
        deadlines=Deadlines(row["redemption"], row["pending_delete"], row["restore_report"]),
        asked=asked,
        registrar=reading.registrar(row["registrar"]),
        body=reading.body(row["body"]) if row["body"] else None,
        registrant=reading.contact(row["registrant"]) if row["registrant"] else None,
        contacts=tuple((kind, reading.contact(one)) for kind, one in row["contacts"] or ()),
        servers=servers,
        marks=tuple(reading.mark(one) for one in row["marks"] or ()),
        former_names=tuple(row["former_names"]),
        past_holders=tuple(
            PastHolder(uscc, name, datetime.fromisoformat(at)) for uscc, name, at in row["past_holders"] or ()
        ),
    )


def _domain(row: Record, members: tuple[Member, ...], servers: tuple[ServerRecord, ...]) -> Domain:
    signers = (DelegationSigner(tag, alg, kind, bytes.fromhex(hexed)) for tag, alg, kind, hexed in row["signers"] or ())
    return Domain(
        roid=row["roid"],
        name=row["name"],
        u_label=row["unicode"].rpartition(".")[0],
        tld=row["tld"],
        registrar_id=row["registrar_id"],
        created_at=row["created_at"],
        created_by="",
        expires_at=row["expires_at"],
        index_label=row["index_label"],
        table_id=row["table_id"],
        tld_set=row["tld_set"],
        members=members,
        uscc=row["uscc"],
        registrant_id=row["registrant_id"],
        hosts=tuple(server.name for server in servers),
        signers=tuple(signers),
        statuses=frozenset(row["statuses"]),
        updated_at=row["updated_at"],
        transferred_at=row["transferred_at"],
        deleted_at=row["deleted_at"],
        graces=tuple(read_grace(one) for one in row["graces"]),
        transfer=read_transfer(row["transfer"]) if row["transfer"] else None,
        lock=read_lock(row["lock"]),
        restore_requested_at=row["restore_requested_at"],
    )
