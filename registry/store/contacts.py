"""Contacts (RFC 5733)."""

from collections.abc import Iterable
from typing import Any

from registry.kernel.db import Connection, Record
from registry.model.contact import Contact, Disclose, Phone, Postal
from registry.model.snapshot import disclose_json, postal_json, read_transfer, transfer_json

_FIND = """
select c.*, exists (select from domain d where d.registrant_id = c.id)
         or exists (select from domain_contact dc where dc.contact_id = c.id) as is_linked
from contact c where c.id = $1"""
_ADD = """
insert into contact (roid, id, registrar_id, postal, voice, voice_ext, fax, fax_ext, email, disclose, auth_hash, created_at, created_by,
                     auth_expires_at)
select 'C' || nextval('roid_number') || '-' || $1, $2, r.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $3, $13
from registrar r where r.id = $3 and r.status = 'active'
returning roid"""
_SAVE = """
update contact set registrar_id = $2, postal = $3, voice = $4, voice_ext = $5, fax = $6, fax_ext = $7, email = $8, disclose = $9,
                   statuses = $10, auth_hash = $11, updated_at = $12, updated_by = $13, transferred_at = $14,
                   auth_expires_at = $15, transfer = $16, status_reasons = $17
where roid = $1"""


async def known(conn: "Connection[Record]", ids: Iterable[str]) -> frozenset[str]:
    """Which of these identifiers exist."""
    return frozenset(row["id"] for row in await conn.fetch("select id from contact where id = any ($1)", list(ids)))


async def find(conn: "Connection[Record]", contact_id: str) -> Contact | None:
    """The contact, or None."""
    row = await conn.fetchrow(_FIND, contact_id)
    return _contact(row) if row else None


async def lock(conn: "Connection[Record]", contact_id: str) -> Contact | None:
    """The contact, which nobody else can change until the transaction ends, or None."""
    await conn.execute("select from contact where id = $1 for update", contact_id)
    return await find(conn, contact_id)


async def add(conn: "Connection[Record]", contact: Contact, roid_suffix: str) -> str | None:
    """Write it and give its new ROID; None when its registrar may not create. ``UniqueViolation`` when the id is taken."""
    c = contact
    roid: str | None = await conn.fetchval(
        _ADD, roid_suffix, c.id, c.registrar_id, _postal_json(c), c.voice.number, c.voice.extension, c.fax.number,
        c.fax.extension, c.email, _disclose_json(c), c.auth_hash, c.created_at, c.auth_expires_at,
    )  # fmt: skip
    return roid


async def save(conn: "Connection[Record]", contact: Contact) -> None:
    """Write everything of it that can change."""
    c = contact
    await conn.execute(
        _SAVE, c.roid, c.registrar_id, _postal_json(c), c.voice.number, c.voice.extension, c.fax.number, c.fax.extension,
        c.email, _disclose_json(c), sorted(c.statuses), c.auth_hash, c.updated_at, c.updated_by, c.transferred_at,
        c.auth_expires_at, transfer_json(c.transfer) if c.transfer else None, dict(c.status_reasons),
    )  # fmt: skip


async def remove(conn: "Connection[Record]", roid: str) -> None:
    """Delete it. ``ForeignKeyViolation`` when a domain uses it."""
    await conn.execute("delete from contact where roid = $1", roid)


def _postal_json(contact: Contact) -> dict[str, Any]:
    return {form: postal_json(postal) for form, postal in contact.postal.items()}


def _disclose_json(contact: Contact) -> dict[str, Any] | None:
    return disclose_json(contact.disclose) if contact.disclose else None


def _contact(row: Record) -> Contact:
    disclose = row["disclose"]
    return Contact(
        roid=row["roid"],
        id=row["id"],
        registrar_id=row["registrar_id"],
        postal={form: Postal(**{**one, "street": tuple(one["street"])}) for form, one in sorted(row["postal"].items())},
        email=row["email"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        voice=Phone(row["voice"], row["voice_ext"]),
        fax=Phone(row["fax"], row["fax_ext"]),
        disclose=Disclose(disclose["flag"], frozenset(disclose["elements"])) if disclose else None,
        statuses=frozenset(row["statuses"]),
        auth_hash=row["auth_hash"],
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        transferred_at=row["transferred_at"],
        is_linked=row["is_linked"],
        auth_expires_at=row["auth_expires_at"],
        transfer=read_transfer(row["transfer"]) if row["transfer"] else None,
        status_reasons=row["status_reasons"],
    )
