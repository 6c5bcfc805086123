"""A registrar: who may send commands, and what it may do (RFC 5730 calls it the client)."""

from dataclasses import dataclass
from enum import StrEnum


class RegistrarStatus(StrEnum):
    """``active`` may do everything, ``suspended`` may look and answer transfers but not create, the others may not log in."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Registrar:
    """``id`` is the EPP clID (3 to 16 characters); ``password_hash`` is argon2id and never printed."""

    id: str
    name: str
    iana_id: int | None
    status: RegistrarStatus
    password_hash: str

    def __repr__(self) -> str:
        return f"Registrar({self.id})"
