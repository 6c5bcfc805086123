"""An act: one caller, one instant, one transaction, and everything that must be written together (design, law 2).

A flow is a function ``async def verb_noun(act: Act, order: Order) -> Result``. It asks the stores of ``act``, lets policy decide,
writes, and calls :meth:`Act.remember` once per object it changed. Whatever it writes is committed together with its
history row, audit entry, poll messages and change rows, or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.kernel.config import Config
from registry.kernel.db import Connection, Record
from registry.kernel.feed import announce
from registry.kernel.journal import append
from registry.store import history, polls


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts: a registrar's id, or a person's or job's name. ``may_override`` is for operators, who leave a reason."""

    kind: str  # "registrar", "person", "job"
    id: str
    may_override: bool = False

    @property
    def actor(self) -> str:
        """As it stands in history and audit: ``registrar:registrar-a``."""
        return f"{self.kind}:{self.id}"


@dataclass(slots=True)
class Act:
    """The context of one act. ``now`` was read once, when the transaction began."""

    conn: "Connection[Record]"
    caller: Caller
    now: datetime
    trid: str
    client_trid: str
    config: Config
    has_changed: bool = field(default=False)

    async def remember(
        self, kind: str, subject: str, snapshot: Mapping[str, Any], *, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Write history, audit entry and change row for one object that changed.

        ``kind`` is ``object.verb`` in the past tense, such as ``domain.created``; ``subject`` the object's id; ``snapshot`` the
        object as it is now, without secrets; ``detail`` what followers of the feed need (defaults to the subject alone).
        """
        self.has_changed = True
        noun = kind.partition(".")[0]
        await history.add(
            self.conn, noun, subject, kind, self.caller.actor, self.trid, self.client_trid, self.now, snapshot
        )
        await append(self.conn, self.now, self.caller.actor, kind, subject, self.trid, snapshot)
        await announce(self.conn, self.now, kind, subject, detail or {})

    async def tell(
        self, registrar_id: str, zh: str, en: str, *, kind: str = "notice", payload: Mapping[str, Any] | None = None
    ) -> None:
        """Queue a poll message (RFC 5730 section 2.9.2.3) for a registrar."""
        await polls.add(self.conn, registrar_id, self.now, zh, en, kind, payload or {})
