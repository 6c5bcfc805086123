"""Accounts of people."""

from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.model.person import Role

_ADD = """
insert into person (username, name, role, region, uscc, password_hash, totp_secret, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def add(
    conn: "Connection[Record]",
    username: str,
    name: str,
    role: Role,
    region: str,
    uscc: str,
    password_hash: str,
    totp_secret: str,
    at: datetime,
) -> None:
    """Add one account."""
    await conn.execute(_ADD, username, name, role.value, region, uscc, password_hash, totp_secret, at)
