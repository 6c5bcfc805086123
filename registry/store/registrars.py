"""Registrars, the keys of their client certificates, and their REST clients."""

from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.registrar import Registrar, RegistrarStatus

_ADD = """
insert into registrar (id, name, iana_id, status, password_hash, email, phone, url, address, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"""
_COLUMNS = "id, name, iana_id, status, password_hash"
_BIND = """
insert into registrar_certificate (registrar_id, spki_sha256, subject, not_after, added_at) values ($1, $2, $3, $4, $5)
on conflict (registrar_id, spki_sha256) do update set subject = $3, not_after = $4, revoked_at = null"""
_REVOKE = """
update registrar_certificate set revoked_at = $3 where registrar_id = $1 and spki_sha256 = $2 and revoked_at is null"""
_WITH_KEY = f"""
select {_COLUMNS}, exists (
    select from registrar_certificate c
    where c.registrar_id = r.id and c.spki_sha256 = $2 and c.revoked_at is null and c.not_after > $3) as has_key
from registrar r where id = $1"""
_ADD_CLIENT = "insert into api_client (client_id, registrar_id, secret_hash, created_at) values ($1, $2, $3, $4)"
_CLIENT = """
select c.registrar_id, c.secret_hash, r.status from api_client c join registrar r on r.id = c.registrar_id
where c.client_id = $1 and c.revoked_at is null"""


async def find(conn: "Connection[Record]", registrar_id: str) -> Registrar | None:
    """The registrar, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from registrar where id = $1", registrar_id)
    return _registrar(row) if row else None


async def find_with_key(
    conn: "Connection[Record]", registrar_id: str, spki_sha256: bytes | None, now: datetime
) -> tuple[Registrar, bool] | None:
    """The registrar and whether this key may speak for it now, or None."""
    row = await conn.fetchrow(_WITH_KEY, registrar_id, spki_sha256, now)
    return (_registrar(row), row["has_key"]) if row else None


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


async def set_password(conn: "Connection[Record]", registrar_id: str, password_hash: str) -> bool:
    """Replace the hash; False when there is no such registrar."""
    tag = await conn.execute("update registrar set password_hash = $2 where id = $1", registrar_id, password_hash)
    return bool(tag == "UPDATE 1")


async def set_status(conn: "Connection[Record]", registrar_id: str, status: RegistrarStatus) -> bool:
    """Write it; False when there is no such registrar."""
    tag = await conn.execute("update registrar set status = $2 where id = $1", registrar_id, status.value)
    return bool(tag == "UPDATE 1")


async def revoke(conn: "Connection[Record]", registrar_id: str, spki_sha256: bytes, at: datetime) -> bool:
    """Take a key back; False when it does not speak for the registrar now."""
    tag = await conn.execute(_REVOKE, registrar_id, spki_sha256, at)
    return bool(tag == "UPDATE 1")


async def bind(
    conn: "Connection[Record]", registrar_id: str, spki_sha256: bytes, subject: str, not_after: datetime, at: datetime
) -> None:
    """Let a key speak for a registrar; a key that is known gets the new dates. ``ForeignKeyViolation`` without registrar."""
    await conn.execute(_BIND, registrar_id, spki_sha256, subject, not_after, at)


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
