"""Looking for commands: an operator or auditor in all of them, a registrar in its own."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from registry.flows.act import Act
from registry.kernel.names import to_a
from registry.store import command_log
from registry.store.command_log import Logged, Wanted

__all__ = ["Found", "Logged", "Wanted", "cursor_from", "search_commands"]
PAGE = 50
MAX_PAGE = 1000
LOOKED_BACK = timedelta(days=7)  # when no beginning was given and no transaction named


@dataclass(frozen=True, slots=True)
class Found:
    """A page; ``cursor`` goes into the next question, empty at the end."""

    lines: list[Logged]
    cursor: str


async def search_commands(act: Act, wanted: Wanted, *, own: str = "", limit: int = PAGE) -> Found:
    """The newest first. ``own`` bounds it to one registrar, whatever was asked for. A name is found in either form."""
    asked = replace(wanted, registrar_id=own) if own else wanted
    if asked.object:
        asked = replace(asked, object=_name(asked.object))
    if asked.since is None and not asked.trid:
        asked = replace(asked, since=act.now - LOOKED_BACK)
    many = max(1, min(limit, MAX_PAGE))
    lines = await command_log.search(act.conn, asked, many + 1)
    page = lines[:many]
    return Found(page, f"{page[-1].at.isoformat()}_{page[-1].seq}" if len(lines) > many else "")


def cursor_from(text: str) -> tuple[datetime, int] | None:
    """What a page said where it ended; None for anything else."""
    at, _, seq = text.rpartition("_")
    try:
        instant = datetime.fromisoformat(at)
        return (instant, int(seq)) if instant.tzinfo and abs(int(seq)) < 1 << 62 else None
    except ValueError:
        return None


def _name(text: str) -> str:
    try:
        return to_a(text.strip()).lower()
    except ValueError:
        return text.strip()
