"""Decisions about names, kept so that each can be explained years later."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.model.decision import Decision

_ADD = """
insert into decision (at, asked_by, name, uscc, decision, policy_version, request, answer) values ($1, $2, $3, $4, $5, $6, $7, $8)
returning id"""


async def add(
    conn: "Connection[Record]",
    decision: Decision,
    *,
    uscc: str,
    asked_by: str,
    request: Mapping[str, Any],
    at: datetime,
) -> int:
    """Keep one and give its number. ``request`` is what was asked, ``answer`` the whole decision as CONTRACT shows it."""
    name = decision.a_label or decision.name
    kept = (name, uscc, decision.decision, decision.policy_version, dict(request), decision.as_json())
    number: int = await conn.fetchval(_ADD, at, asked_by, *map(_storable, kept))
    return number


# U+0000 and halves of surrogate pairs: PostgreSQL and UTF-8 cannot hold them, but people and attackers do send them.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value


async def find(conn: "Connection[Record]", number: int) -> Record | None:
    """All columns of one, or None."""
    return await conn.fetchrow("select * from decision where id = $1", number)
