"""Decisions about names, kept so that each can be explained years later."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from registry.kernel.db import Connection, Record
from registry.model.decision import Decision

_LAST_RUN = "(select id from import_run where state = 'applied' and finished_at is not null order by id desc limit 1)"
_ADD = f"""
insert into decision (at, asked_by, name, uscc, decision, policy_version, request, answer, data_run, list_version)
values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, coalesce($9, {_LAST_RUN}), $10)
returning id"""
# The same, and the commit does not wait for the disk.
_ADD_LIGHTLY = f"{_ADD}, set_config('synchronous_commit', 'off', true)"
_FIND = """
select d.*, r.source as data_source, r.finished_at as data_at
from decision d left join import_run r on r.id = d.data_run where d.id = $1"""


async def add(
    conn: "Connection[Record]",
    decision: Decision,
    *,
    uscc: str,
    asked_by: str,
    request: Mapping[str, Any],
    at: datetime,
    data_run: int | None = None,
    list_version: int = 0,
    durable: bool = True,
) -> int:
    """Keep one and give its number. ``request`` is what was asked, ``answer`` the whole decision as CONTRACT shows it.

    ``data_run`` is the import that the facts rest on; left out, it is the last one that was applied. ``durable=False``
    makes the whole transaction commit without waiting for the disk: the last second of it may be lost with the power.
    """
    name, code = _storable(decision.a_label or decision.name), _storable(uscc)
    number: int = await conn.fetchval(
        _ADD if durable else _ADD_LIGHTLY,
        at,
        asked_by,
        name,
        code,
        decision.decision,
        decision.policy_version,
        _json(dict(request)),
        _json(decision.as_json()),
        data_run,
        list_version,
    )
    return number


# U+0000 and halves of surrogate pairs: PostgreSQL and UTF-8 cannot hold them, but people and attackers do send them.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _json(value: Any) -> str:
    """JSON text; put together a second time only when something in it cannot be stored."""
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return msgspec.json.encode(_storable(value)).decode()
    return text if "\\u0000" not in text else msgspec.json.encode(_storable(value)).decode()


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_storable(key): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value


async def find(conn: "Connection[Record]", number: int) -> Record | None:
    """All columns of one, with ``data_source`` and ``data_at`` of the import that it rests on, or None."""
    return await conn.fetchrow(_FIND, number)
