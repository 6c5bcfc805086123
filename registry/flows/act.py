"""An act: one caller, one instant, one transaction, and everything that must be written together (design, law 2).

A flow is a function ``async def verb_noun(act: Act, order: Order) -> Result``. It asks the stores of ``act``, lets policy decide,
writes, and calls :meth:`Act.remember` once per object it changed. Whatever it writes is committed together with its
history row, audit entry, poll messages and change rows, or not at all.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.kernel.config import Config
from registry.kernel.db import Connection, Record
from registry.model.notice import Notice
from registry.store import memory, polls
from registry.store import notices as store_notices
from registry.store.memory import Memory


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts: a registrar's id, or a person's or job's name. ``may_override`` is for operators, who leave a reason.

    ``behind`` is the person who acts in the name of the caller (``person:wang`` for a registrar): an operator, with a reason.
    """

    kind: str  # "registrar", "person", "job"
    id: str
    may_override: bool = False
    behind: str = ""

    @property
    def actor(self) -> str:
        """As it stands in history and audit: ``registrar:registrar-a``, ``registrar:registrar-a by person:wang``."""
        own = f"{self.kind}:{self.id}"
        return f"{own} by {self.behind}" if self.behind else own


@dataclass(slots=True)
class Act:
    """The context of one act. ``now`` was read once, when the transaction began."""

    conn: "Connection[Record]"
    caller: Caller
    now: datetime
    trid: str
    client_trid: str
    config: Config
    is_reading: bool = False  # no transaction: it may look but leave nothing behind
    has_changed: bool = field(default=False)
    afterwards: "list[Afterwards]" = field(default_factory=list, repr=False)

    async def remember(
        self, kind: str, subject: str, snapshot: Mapping[str, Any], *, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Write history, audit entry and change row for one object that changed.

        ``kind`` is ``object.verb`` in the past tense, such as ``domain.created``; ``subject`` the object's id; ``snapshot`` the
        object as it is now, without secrets; ``detail`` what followers of the feed need (defaults to the subject alone).
        """
        await memory.keep(self.conn, self.memory(kind, subject, snapshot, detail=detail))

    def memory(
        self, kind: str, subject: str, snapshot: Mapping[str, Any], *, detail: Mapping[str, Any] | None = None
    ) -> Memory:
        """The same for a store that writes it together with the object, which it must then do."""
        self._check_writing()
        self.has_changed = True
        return Memory(kind, subject, self.caller.actor, self.trid, self.client_trid, self.now, snapshot, detail or {})

    async def tell(
        self, registrar_id: str, zh: str, en: str, *, kind: str = "notice", payload: Mapping[str, Any] | None = None
    ) -> None:
        """Queue a poll message (RFC 5730 section 2.9.2.3) for a registrar."""
        self._check_writing()
        await polls.add(self.conn, registrar_id, self.now, zh, en, kind, payload or {})

    async def notify(self, *notices: Notice) -> None:
        """Put notices into inboxes, and so into the outbox of those who want them elsewhere as well."""
        self._check_writing()
        await store_notices.add(self.conn, self.now, notices)

    def after_refusal(self, work: "Afterwards") -> None:
        """What is to be written when this act ends in a refusal, in a transaction of its own, after this one was rolled back.

        It is lost when the act succeeds, which writes what it has to write itself.
        """
        self.afterwards.append(work)

    def _check_writing(self) -> None:
        if self.is_reading:
            raise AssertionError("an act that only reads has no transaction to write in")


Afterwards = Callable[[Act], Awaitable[object]]
