"""One audit entry, written in the act's own transaction (design, law 2); the sequencer of `registry.audit` chains it afterwards.

It stands in the kernel because the verifier writes entries too, and may see nothing of the registry but the kernel.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.kernel.db import Connection, Record

_APPEND = "insert into audit_entry (at, actor, act, subject, trid, detail) values ($1, $2, $3, $4, $5, $6)"


def canonical(detail: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces, the text that is stored and hashed as it stands."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


async def append(
    conn: "Connection[Record]", at: datetime, actor: str, act: str, subject: str, trid: str, detail: Mapping[str, Any]
) -> None:
    """Write one entry. ``detail`` must hold no secret: it is kept for ever and shown to auditors."""
    await conn.execute(_APPEND, at, actor, act, subject, trid, canonical(detail))
