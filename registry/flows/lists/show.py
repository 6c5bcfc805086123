"""The lists as they are: version, entries in force, proposals that wait, the last changes."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.store import lists
from registry.store.lists import Change, Entry

CHANGES_SHOWN = 50  # the newest; history and audit keep all


@dataclass(frozen=True, slots=True)
class Lists:
    """``entries`` by class and word, ``waiting`` oldest first, ``changes`` newest first."""

    version: int
    seal: str
    entries: tuple[Entry, ...]
    waiting: tuple[Change, ...]
    changes: tuple[Change, ...]


async def show_lists(act: Act, version: int | None = None) -> Lists:
    """The lists of a version, or the newest. Anybody who runs a flow may read them; never refuses."""
    newest, seal = await lists.newest(act.conn)
    wanted = newest if version is None else version
    return Lists(
        wanted,
        seal if wanted == newest else "",
        tuple(await lists.in_force(act.conn, wanted)),
        tuple(await lists.waiting_changes(act.conn)),
        tuple(await lists.decided_changes(act.conn, CHANGES_SHOWN)),
    )
