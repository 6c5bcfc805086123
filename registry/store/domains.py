"""Domains, their bundles and what they link to (RFC 5731, RFC 9095)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from registry.kernel.db import Connection, Record
from registry.model.domain import DelegationSigner, Domain, Member
from registry.model.lock import lock_json, read_lock
from registry.model.snapshot import grace_json, read_grace, read_transfer, transfer_json
from registry.model.zone import Zone
from registry.store.hosts import Server
from registry.store.memory import Memory, also
from registry.store.tlds import columns, zone_from
from registry.store.tokens import alive

_ZONE = "zone_"
_LINKS = f"""
    array(select h.name from domain_host dh join host h on h.roid = dh.host_roid where dh.domain_roid = d.roid order by h.name) as hosts,
    array(select h.name from host h where h.superordinate = d.roid order by h.name) as subordinates,
    array(select dc.type || ':' || dc.contact_id from domain_contact dc where dc.domain_roid = d.roid) as contacts,
    (select json_agg(json_build_array(s.key_tag, s.algorithm, s.digest_type, encode(s.digest, 'hex'))
                     order by s.key_tag, s.algorithm, s.digest_type, s.digest) from domain_ds s where s.domain_roid = d.roid) as signers,
    (select json_agg(json_build_array(b.name, b.unicode, b.role) order by array_position(array['registered', 'simplified'], b.role), b.name)
     from bundle_name b where b.domain_roid = d.roid) as members,
    {columns("t", _ZONE)}"""
_FIND = f"""
select d.*, {_LINKS} from bundle_name n join domain d on d.roid = n.domain_roid join tld t on t.name = d.tld where n.name = $1"""
_LOCK = "select d.roid from bundle_name n join domain d on d.roid = n.domain_roid where n.name = $1 for {} of d"
# One statement for all that a create must know before it writes. Hosts are locked in the order of their names.
_GROUND = f"""
select {columns("t", _ZONE)}, nextval('roid_number') as roid_number,
    (select status from registrar where id = $2) as registrar_status,
    exists (select from domain d where d.tld_set = t.tld_set and d.table_id = t.table_id and d.index_label = $3) as is_taken,
    exists (select from allocation_token k where {alive("create", "t", "$3", "$6")}) as is_set_aside,
    (select json_agg(json_build_array(h.roid, h.name, h.is_internal, h.has_glue)) from (
        select roid, name, superordinate is not null as is_internal, addresses <> '{{}}' as has_glue
        from host where name = any ($4::text[]) order by name for share) h) as servers,
    array(select id from contact where id = any ($5::text[])) as contacts
from tld t where t.name = $1"""
_ADD = f"""
with born as (
    insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, registrant_id, uscc, statuses,
                        auth_hash, auth_expires_at, created_at, created_by, expires_at, graces, verification, ttls)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $38)
    returning roid
), named as (
    insert into bundle_name (name, unicode, domain_roid, role)
    select n.name, n.unicode, born.roid, n.role from born, unnest($19::text[], $20::text[], $21::text[]) as n (name, unicode, role)
), contacted as (
    insert into domain_contact (domain_roid, type, contact_id)
    select born.roid, c.type, c.id from born, unnest($22::text[], $23::text[]) as c (type, id)
), served as (
    insert into domain_host (domain_roid, host_roid) select born.roid, h.roid from born, unnest($24::text[]) as h (roid)
), signed as (
    insert into domain_ds (domain_roid, key_tag, algorithm, digest_type, digest)
    select born.roid, s.key_tag, s.algorithm, s.digest_type, s.digest
    from born, unnest($25::integer[], $26::smallint[], $27::smallint[], $28::bytea[]) as s (key_tag, algorithm, digest_type, digest)
), {also(29)}"""
_SAVE = f"""
with saved as (
update domain set registrar_id = $2, registrant_id = $3, statuses = $4, auth_hash = $5, auth_expires_at = $6, updated_at = $7,
                  updated_by = $8, expires_at = $9, transferred_at = $10, deleted_at = $11, graces = $12, transfer = $13,
                  ttls = $14, status_reasons = $15, lock = $16, restore_requested_at = $17, uscc = $18, verification = $19
where roid = $1
), {also(20)}"""
_UNLINK = """
with unserved as (
    delete from domain_host where domain_roid = $1 and host_roid = any (select roid from host where name = any ($2::text[]))
), uncontacted as (
    delete from domain_contact where domain_roid = $1 and (type, contact_id) in (select * from unnest($3::text[], $4::text[]))
)
delete from domain_ds where domain_roid = $1 and (key_tag, algorithm, digest_type, digest) in (
    select * from unnest($5::integer[], $6::smallint[], $7::smallint[], $8::bytea[]))"""
_LINK = """
with served as (
    insert into domain_host (domain_roid, host_roid) select $1, h.roid from unnest($2::text[]) as h (roid)
), contacted as (
    insert into domain_contact (domain_roid, type, contact_id) select $1, c.type, c.id from unnest($3::text[], $4::text[]) as c (type, id)
)
insert into domain_ds (domain_roid, key_tag, algorithm, digest_type, digest)
select $1, s.key_tag, s.algorithm, s.digest_type, s.digest
from unnest($5::integer[], $6::smallint[], $7::smallint[], $8::bytea[]) as s (key_tag, algorithm, digest_type, digest)"""
# A token that is shown must fit the name, and a name that is set aside wants one that fits (RFC 8495 section 3.1.1).
_BUSY = f"""
select q.name, d.roid is not null as is_taken, r.uscc is not null as is_retired,
       exists (select from application a where a.tld = t.name and a.index_label = q.index_label and a.state = 'submitted') as is_pending,
       coalesce((select not bool_or(k.token = $5 and coalesce(k.registrar_id, $6) = $6) from allocation_token k
                 where {alive("create", "t", "q.index_label", "$4")}), $5 <> '') as wants_token
from unnest($1::text[], $2::text[], $3::text[]) as q (name, tld, index_label) join tld t on t.name = q.tld
left join domain d on d.tld_set = t.tld_set and d.table_id = t.table_id and d.index_label = q.index_label and d.exempt_no = 0
left join retired_name r on r.tld_set = t.tld_set and r.table_id = t.table_id and r.index_label = q.index_label"""
_HOLD_NAME = "select pg_advisory_xact_lock(hashtextextended('name ' || $1, 0))"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a create stands on. ``servers`` and ``contacts`` are those that exist among the ones asked for.

    ``roid_number`` is new and nobody else's; when nothing is created with it, it is never used. ``is_set_aside``: an allocation token
    for the name is alive, so it wants one.
    """

    zone: Zone
    roid_number: int
    registrar_status: str | None
    is_taken: bool
    is_set_aside: bool
    servers: dict[str, Server]
    contacts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Links:
    """What is tied to a domain or untied from it: ``hosts`` are ROIDs when tied and names when untied."""

    hosts: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    signers: tuple[DelegationSigner, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hosts or self.contacts or self.signers)


class Standing(NamedTuple):
    """Why a name cannot be created, if anything holds."""

    is_taken: bool
    is_retired: bool
    is_pending: bool
    wants_token: bool = False


async def ground(
    conn: "Connection[Record]",
    tld: str,
    registrar_id: str,
    index_label: str,
    hosts: Iterable[str],
    contacts: Iterable[str],
    now: datetime,
) -> Ground | None:
    """All that a create must know, in one round trip; None when ``tld`` is no zone of ours."""
    row = await conn.fetchrow(_GROUND, tld, registrar_id, index_label, list(hosts), list(contacts), now)
    if row is None:
        return None
    servers = {server[1]: Server(*server) for server in row["servers"] or ()}
    return Ground(
        zone_from(row, _ZONE), row["roid_number"], row["registrar_status"], row["is_taken"], row["is_set_aside"], servers,
        frozenset(row["contacts"]),
    )  # fmt: skip


async def hold_name(conn: "Connection[Record]", index_label: str) -> None:
    """Let one act at a time decide about a name until the transaction ends, so that each sees what the one before it wrote."""
    await conn.execute(_HOLD_NAME, index_label)


async def standings(
    conn: "Connection[Record]",
    asked: Iterable[tuple[str, str, str]],
    now: datetime,
    *,
    token: str = "",
    registrar_id: str = "",
) -> dict[str, Standing]:
    """What holds of each (name, zone, index label); a name of a zone that is not ours is left out.

    ``token`` is the allocation token that ``registrar_id`` shows, empty for none.
    """
    wanted = list(asked)
    rows = await conn.fetch(_BUSY, *([one[place] for one in wanted] for place in range(3)), now, token, registrar_id)
    return {row["name"]: Standing(*row[1:]) for row in rows}


async def find(conn: "Connection[Record]", name: str) -> tuple[Domain, Zone] | None:
    """The domain that has this name in its bundle, and its zone, or None."""
    row = await conn.fetchrow(_FIND, name)
    return (_domain(row), zone_from(row, _ZONE)) if row else None


async def lock(conn: "Connection[Record]", name: str) -> tuple[Domain, Zone] | None:
    """The same, and nobody else can change it until the transaction ends."""
    await conn.execute(_LOCK.format("no key update"), name)
    return await find(conn, name)


async def share(conn: "Connection[Record]", name: str) -> tuple[Domain, Zone] | None:
    """The same for an act that relies on the domain and changes something below it."""
    await conn.execute(_LOCK.format("share"), name)
    return await find(conn, name)


async def add(conn: "Connection[Record]", domain: Domain, links: Links, memory: Memory) -> None:
    """Write a new domain with its bundle, its links and what is to be remembered of it, in one statement.

    ``UniqueViolation`` when another spelling of the name is held, ``ForeignKeyViolation`` when a link went away meanwhile.
    """
    d = domain
    await conn.execute(
        _ADD, d.roid, d.name, d.u_label, d.tld, d.tld_set, d.table_id, d.index_label, d.registrar_id, d.registrant_id,
        d.uscc, sorted(d.statuses), d.auth_hash, d.auth_expires_at, d.created_at, d.created_by, d.expires_at,
        [grace_json(grace) for grace in d.graces], dict(d.verification),
        [member.name for member in d.members], [member.unicode for member in d.members], [member.role for member in d.members],
        *_columns(links.contacts, 2), list(links.hosts), *_signers(links.signers), *memory.values, dict(d.ttls),
    )  # fmt: skip


async def save(conn: "Connection[Record]", domain: Domain, memory: Memory) -> None:
    """Write everything of the domain itself that can change, and what is to be remembered of the change."""
    d = domain
    await conn.execute(
        _SAVE, d.roid, d.registrar_id, d.registrant_id, sorted(d.statuses), d.auth_hash, d.auth_expires_at, d.updated_at,
        d.updated_by, d.expires_at, d.transferred_at, d.deleted_at, [grace_json(grace) for grace in d.graces],
        transfer_json(d.transfer) if d.transfer else None, dict(d.ttls), dict(d.status_reasons),
        lock_json(d.lock) if d.lock else None, d.restore_requested_at, d.uscc, dict(d.verification), *memory.values,
    )  # fmt: skip


async def unlink(conn: "Connection[Record]", roid: str, links: Links) -> None:
    """Untie hosts (by name), contacts and signers."""
    await conn.execute(_UNLINK, roid, list(links.hosts), *_columns(links.contacts, 2), *_signers(links.signers))


async def link(conn: "Connection[Record]", roid: str, links: Links) -> None:
    """Tie hosts (by ROID), contacts and signers. ``ForeignKeyViolation`` when one went away meanwhile."""
    await conn.execute(_LINK, roid, list(links.hosts), *_columns(links.contacts, 2), *_signers(links.signers))


async def remove(conn: "Connection[Record]", roid: str) -> None:
    """Delete it with its bundle and links. ``ForeignKeyViolation`` while hosts lie under it."""
    await conn.execute("delete from domain where roid = $1", roid)


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    listed = list(rows)
    return [[row[place] for row in listed] for place in range(width)]


def _signers(signers: Iterable[DelegationSigner]) -> list[list[Any]]:
    return _columns(((s.key_tag, s.algorithm, s.digest_type, s.digest) for s in signers), 4)


def _domain(row: Record) -> Domain:
    return Domain(
        roid=row["roid"],
        name=row["name"],
        u_label=row["u_label"],
        tld=row["tld"],
        registrar_id=row["registrar_id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        expires_at=row["expires_at"],
        index_label=row["index_label"],
        table_id=row["table_id"],
        tld_set=row["tld_set"],
        members=tuple(Member(*member) for member in row["members"]),
        uscc=row["uscc"],
        registrant_id=row["registrant_id"],
        contacts=frozenset(
            (kind, identifier) for kind, _, identifier in (one.partition(":") for one in row["contacts"])
        ),
        hosts=tuple(row["hosts"]),
        subordinates=tuple(row["subordinates"]),
        signers=tuple(
            DelegationSigner(tag, alg, kind, bytes.fromhex(digest)) for tag, alg, kind, digest in row["signers"] or ()
        ),
        statuses=frozenset(row["statuses"]),
        auth_hash=row["auth_hash"],
        auth_expires_at=row["auth_expires_at"],
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        transferred_at=row["transferred_at"],
        deleted_at=row["deleted_at"],
        graces=tuple(read_grace(one) for one in row["graces"]),
        transfer=read_transfer(row["transfer"]) if row["transfer"] else None,
        ttls=row["ttls"],
        status_reasons=row["status_reasons"],
        lock=read_lock(row["lock"]),
        restore_requested_at=row["restore_requested_at"],
        verification=row["verification"],
    )
