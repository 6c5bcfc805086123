"""Verification codes. The signature on a code proves who issued it, the row here proves what it says."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Connection, Record

_COLUMNS = "code, type, uscc, name, registrar_id, issued_at, expires_at, signed, revoked_at"
_ADD = f"""
insert into verification_code ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, null)"""
_FIND = f"select {_COLUMNS} from verification_code where code = any ($1::text[])"
_OF_BODY = f"select {_COLUMNS} from verification_code where uscc = $1 order by issued_at, code"
_REVOKE = "update verification_code set revoked_at = $2 where code = $1 and revoked_at is null"


@dataclass(frozen=True, slots=True)
class VerificationCode:
    """``name`` is the legal name for type ``registrant``, the A-label domain name for type ``domain``."""

    code: str
    type: str
    uscc: str
    name: str
    registrar_id: str
    issued_at: datetime
    expires_at: datetime
    signed: str = field(repr=False)
    revoked_at: datetime | None = None


async def add(conn: "Connection[Record]", code: VerificationCode) -> None:
    """Write a new code."""
    await conn.execute(
        _ADD,
        code.code,
        code.type,
        code.uscc,
        code.name,
        code.registrar_id,
        code.issued_at,
        code.expires_at,
        code.signed,
    )


async def find(conn: "Connection[Record]", codes: list[str]) -> dict[str, VerificationCode]:
    """Those of the codes that we issued, by their text."""
    return {row["code"]: VerificationCode(**row) for row in await conn.fetch(_FIND, codes)}


async def of_body(conn: "Connection[Record]", uscc: str) -> list[VerificationCode]:
    """All codes of one body, oldest first."""
    return [VerificationCode(**row) for row in await conn.fetch(_OF_BODY, uscc)]


async def revoke(conn: "Connection[Record]", code: str, at: datetime) -> bool:
    """Withdraw a code; False when there is no such code or it was withdrawn before."""
    return bool(await conn.execute(_REVOKE, code, at) == "UPDATE 1")
