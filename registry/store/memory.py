"""What every change of an object leaves behind: a history row, an audit entry and a change row, in one statement.

Three statements would be three round trips under the locks of the act, and a store that writes the object takes the three rows
along in its own statement (:func:`also`). The audit chain is described in
``registry.audit.chain``, the feed in ``registry.kernel.feed``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.kernel.journal import canonical


@dataclass(frozen=True, slots=True)
class Memory:
    """``kind`` is ``object.verb`` in the past tense; ``snapshot`` the object without secrets; ``detail`` is for the feed."""

    kind: str
    subject: str
    actor: str
    trid: str
    client_trid: str
    at: datetime
    snapshot: Mapping[str, Any]
    detail: Mapping[str, Any]

    @property
    def values(self) -> tuple[Any, ...]:
        """The parameters of :func:`also`, in its order."""
        noun = self.kind.partition(".")[0]
        return (
            noun, self.subject, self.kind, self.actor, self.trid, self.client_trid, self.at, canonical(self.snapshot),
            dict(self.detail),
        )  # fmt: skip


def also(first: int) -> str:
    """The end of a statement that begins with ``with …,``: the three rows, from parameter number ``first`` on."""
    noun, subject, kind, actor, trid, client_trid, at, snapshot, detail = (f"${first + place}" for place in range(9))
    return f"""
kept as (
    insert into history (object, subject, act, actor, trid, client_trid, at, snapshot)
    values ({noun}, {subject}, {kind}, {actor}, {trid}, {client_trid}, {at}, {snapshot}::text::jsonb)
), entered as (
    insert into audit_entry (at, actor, act, subject, trid, detail) values ({at}, {actor}, {kind}, {subject}, {trid}, {snapshot})
)
insert into change (at, kind, subject, detail) values ({at}, {kind}, {subject}, {detail})"""


_KEEP = f"with {also(1)}"


async def keep(conn: "Connection[Record]", memory: Memory) -> None:
    """Write the three rows in the caller's transaction."""
    await conn.execute(_KEEP, *memory.values)
