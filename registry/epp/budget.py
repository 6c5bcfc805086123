"""How many connections there may be in one process, and who may have one more.

A connection is a *stranger* until it has logged in. Strangers are few for each address and live short, so somebody who hoards
connections before login takes little from registrars; a registrar's own sessions are counted from login on. The counts
are taken from the open connections themselves each time: there is no second book that could go wrong.
"""

from collections.abc import Collection
from dataclasses import dataclass

MAX_STRANGERS_PER_ADDRESS = 256  # a registrar that reconnects a pool of 128 sessions after an outage, twice over


@dataclass(frozen=True, slots=True)
class Guest:
    """One open connection: where it comes from and who it is, empty for a stranger."""

    address: str
    registrar_id: str


def may_arrive(open_now: Collection[Guest], address: str, total: int) -> bool:
    """Whether a new connection from the address may stay."""
    strangers = sum(1 for guest in open_now if guest.address == address and not guest.registrar_id)
    return len(open_now) < total and strangers < MAX_STRANGERS_PER_ADDRESS


def may_enter(open_now: Collection[Guest], registrar_id: str, per_registrar: int) -> bool:
    """Whether the registrar may have one more session."""
    return sum(1 for guest in open_now if guest.registrar_id == registrar_id) < per_registrar
