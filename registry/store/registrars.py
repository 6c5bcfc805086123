"""Registrars, the keys of their client certificates, and their REST clients."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.registrar import Limits, Registrar, RegistrarStatus, Right, Standing, UserStatus

_ADD = """
insert into registrar (id, name, iana_id, status, password_hash, email, phone, url, address, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"""
_COLUMNS = "id, name, iana_id, status, password_hash"
_BIND = """
insert into registrar_certificate (registrar_id, spki_sha256, subject, not_after, added_at, user_id, serial, added_by)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (registrar_id, spki_sha256) do update
set subject = $3, not_after = $4, user_id = $6, serial = $7, added_by = $8, revoked_at = null, revoked_by = '', revoked_reason = ''"""
_REVOKE = """
update registrar_certificate set revoked_at = $3, revoked_by = $4, revoked_reason = $5
where registrar_id = $1 and spki_sha256 = $2 and revoked_at is null"""
# The login $1 as it stands, with the key $2. One index look-up a table: it is asked once a second for each login that is at work.
_STANDING = """
select r.id, r.name, r.iana_id, r.status, r.password_hash, r.rights, r.rate, r.burst, r.max_sessions,
       u.id as user_id, u.status as user_status, u.password_hash as user_hash, u.rights as user_rights, u.rate as user_rate,
       u.burst as user_burst, u.max_sessions as user_sessions,
       (select c.not_after from registrar_certificate c where c.registrar_id = r.id and c.spki_sha256 = $2 and c.revoked_at is null
        and c.user_id in ('', $1)) as key_ends,
       array(select n.network from registrar_network n where n.registrar_id = r.id and n.user_id = ''
             and n.state in ('active', 'leaving')) as networks,
       array(select n.network from registrar_network n where n.registrar_id = r.id and n.user_id = u.id
             and n.state in ('active', 'leaving')) as own_networks
from (select 1) one left join registrar_user u on u.id = $1 join registrar r on r.id = coalesce(u.registrar_id, $1)"""
_OWNER = "select registrar_id, user_id from registrar_certificate where spki_sha256 = $1 and revoked_at is null"
_CERTIFICATES = """
select spki_sha256, subject, serial, user_id, not_after, added_at, added_by, revoked_at, revoked_by, revoked_reason
from registrar_certificate where registrar_id = $1 order by revoked_at is not null, not_after desc, added_at"""
_ENDING = """
select registrar_id, spki_sha256, subject, serial, user_id, not_after from registrar_certificate
where revoked_at is null and not_after > $1 and not_after <= $2 order by not_after"""
_ADD_CLIENT = "insert into api_client (client_id, registrar_id, secret_hash, created_at) values ($1, $2, $3, $4)"
_CLIENT = """
select c.registrar_id, c.secret_hash, r.status from api_client c join registrar r on r.id = c.registrar_id
where c.client_id = $1 and c.revoked_at is null"""
_FACTS = """
select status_reason, status_at, email, phone, url, address, created_at,
       (select count(*) from poll_message m where m.registrar_id = r.id and m.acked_at is null) as messages
from registrar r where id = $1"""
_OVERVIEW = """
select r.id, r.name, r.iana_id, r.status, r.rate, r.max_sessions,
       (select count(*) from registrar_user u where u.registrar_id = r.id and u.status = 'active') as users,
       count(c.spki_sha256) filter (where c.revoked_at is null and c.not_after > $1) as keys,
       min(c.not_after) filter (where c.revoked_at is null and c.not_after > $1) as next_end,
       (select count(*) from registrar_session s join registrar_process p using (process)
        where s.registrar_id = r.id and p.seen_at > $2) as sessions
from registrar r left join registrar_certificate c on c.registrar_id = r.id group by r.id order by r.id"""


async def find(conn: "Connection[Record]", registrar_id: str) -> Registrar | None:
    """The registrar, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from registrar where id = $1", registrar_id)
    return _registrar(row) if row else None


async def find_standing(conn: "Connection[Record]", login_id: str, spki_sha256: bytes | None) -> Standing | None:
    """The login (a registrar's id, or a user's) as it stands with this key, or None."""
    row = await conn.fetchrow(_STANDING, login_id, spki_sha256)
    return _standing(row) if row else None


async def owner_of_key(conn: "Connection[Record]", spki_sha256: bytes) -> tuple[str, str] | None:
    """The registrar that a key speaks for and the one login that may use it (empty: all), or None."""
    row = await conn.fetchrow(_OWNER, spki_sha256)
    return (row["registrar_id"], row["user_id"]) if row else None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A bound key with the certificate that it came with; ``user_id`` empty for all logins of the registrar."""

    spki_sha256: bytes
    subject: str
    serial: str
    user_id: str
    not_after: datetime
    added_at: datetime
    added_by: str
    revoked_at: datetime | None
    revoked_by: str
    revoked_reason: str


async def certificates(conn: "Connection[Record]", registrar_id: str) -> list[Certificate]:
    """All of them, the valid ones first."""
    return [Certificate(*row) for row in await conn.fetch(_CERTIFICATES, registrar_id)]


async def certificates_ending(conn: "Connection[Record]", after: datetime, until: datetime) -> list[Record]:
    """``registrar_id, spki_sha256, subject, serial, user_id, not_after`` of those that end in between."""
    return await conn.fetch(_ENDING, after, until)


async def facts(conn: "Connection[Record]", registrar_id: str) -> Record:
    """``status_reason, status_at, email, phone, url, address, created_at, messages`` (waiting in the queue) of one that is there."""
    row = await conn.fetchrow(_FACTS, registrar_id)
    if row is None:
        raise LookupError(registrar_id)
    return row


async def overview(conn: "Connection[Record]", now: datetime, alive_since: datetime) -> list[Record]:
    """``id, name, iana_id, status, rate, max_sessions, users, keys, next_end, sessions`` of all."""
    return await conn.fetch(_OVERVIEW, now, alive_since)


async def put_off_end(conn: "Connection[Record]", registrar_id: str, spki_sha256: bytes, not_after: datetime) -> bool:
    """Note that a certificate over the same key ends later than was known; False when it does not."""
    tag = await conn.execute(
        "update registrar_certificate set not_after = $3 where registrar_id = $1 and spki_sha256 = $2 and not_after < $3"
        " and revoked_at is null",
        registrar_id, spki_sha256, not_after,
    )  # fmt: skip
    return bool(tag == "UPDATE 1")


async def add(
    conn: "Connection[Record]",
    registrar: Registrar,
    *,
    email: str,
    phone: str,
    url: str,
    address: str,
    at: datetime,
) -> None:
    """Write a new registrar. ``UniqueViolation`` when the id or the IANA id is taken."""
    await conn.execute(
        _ADD, registrar.id, registrar.name, registrar.iana_id, registrar.status.value, registrar.password_hash,
        email, phone, url, address, at,
    )  # fmt: skip


async def count(conn: "Connection[Record]") -> int:
    """How many there are."""
    return int(await conn.fetchval("select count(*) from registrar"))


async def set_password(conn: "Connection[Record]", registrar_id: str, password_hash: str) -> bool:
    """Replace the hash; False when there is no such registrar."""
    tag = await conn.execute("update registrar set password_hash = $2 where id = $1", registrar_id, password_hash)
    return bool(tag == "UPDATE 1")


async def set_status(
    conn: "Connection[Record]", registrar_id: str, status: RegistrarStatus, reason: str, at: datetime
) -> bool:
    """Write it; False when there is no such registrar."""
    sql = "update registrar set status = $2, status_reason = $3, status_at = $4 where id = $1"
    return bool(await conn.execute(sql, registrar_id, status.value, reason, at) == "UPDATE 1")


async def set_limits(conn: "Connection[Record]", registrar_id: str, limits: Limits) -> bool:
    """Write them; False when there is no such registrar."""
    sql = "update registrar set rate = $2, burst = $3, max_sessions = $4 where id = $1"
    return bool(await conn.execute(sql, registrar_id, limits.rate, limits.burst, limits.sessions) == "UPDATE 1")


async def set_rights(conn: "Connection[Record]", registrar_id: str, rights: frozenset[Right]) -> bool:
    """Write them; False when there is no such registrar."""
    sql = "update registrar set rights = $2 where id = $1"
    return bool(await conn.execute(sql, registrar_id, sorted(rights)) == "UPDATE 1")


async def revoke(
    conn: "Connection[Record]", registrar_id: str, spki_sha256: bytes, at: datetime, by: str, reason: str
) -> bool:
    """Take a key back; False when it does not speak for the registrar now."""
    tag = await conn.execute(_REVOKE, registrar_id, spki_sha256, at, by, reason)
    return bool(tag == "UPDATE 1")


async def bind(
    conn: "Connection[Record]",
    registrar_id: str,
    spki_sha256: bytes,
    subject: str,
    not_after: datetime,
    at: datetime,
    *,
    user_id: str = "",
    serial: str = "",
    by: str = "",
) -> None:
    """Let a key speak for a registrar; a key that is known gets the new dates.

    ``ForeignKeyViolation`` without registrar, ``UniqueViolation`` when it speaks for another one.
    """
    await conn.execute(_BIND, registrar_id, spki_sha256, subject, not_after, at, user_id, serial, by)


async def add_api_client(
    conn: "Connection[Record]", client_id: str, registrar_id: str, secret_hash: str, at: datetime
) -> None:
    """Write a REST client. ``ForeignKeyViolation`` without registrar."""
    await conn.execute(_ADD_CLIENT, client_id, registrar_id, secret_hash, at)


async def find_api_client(conn: "Connection[Record]", client_id: str) -> Record | None:
    """``registrar_id``, ``secret_hash`` and the registrar's ``status`` of a client that was not revoked, or None."""
    return await conn.fetchrow(_CLIENT, client_id)


def _registrar(row: Record) -> Registrar:
    return Registrar(row["id"], row["name"], row["iana_id"], RegistrarStatus(row["status"]), row["password_hash"])


def _standing(row: Record) -> Standing:
    rights = frozenset(map(Right, row["rights"]))
    if row["user_id"] is not None:
        rights &= frozenset(map(Right, row["user_rights"]))
    return Standing(
        registrar=_registrar(row),
        user_id=row["user_id"] or "",
        user_status=UserStatus(row["user_status"] or "active"),
        user_hash=row["user_hash"] or "",
        rights=rights,
        key_ends=row["key_ends"],
        networks=tuple(row["networks"]),
        own_networks=tuple(row["own_networks"]),
        limits=Limits(row["rate"], row["burst"], row["max_sessions"]),
        own_limits=Limits(row["user_rate"], row["user_burst"], row["user_sessions"]),
    )
