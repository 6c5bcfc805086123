"""What happens because time passes: one ordered list.

A job is handed a :class:`Runner` and does what is due *now*; it finds that out from the tables, so a run that was missed is
made up by the next one, and a run that happens twice does nothing the second time. What a domain *is* never waits for a job (design, law 4).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from registry.flows.naming.note_keys import note_new_names
from registry.flows.runner import Runner
from registry.jobs.refresh_bodies import refresh_bodies
from registry.jobs.retire_deleted import retire_deleted
from registry.jobs.settle_due import settle_due
from registry.jobs.tidy import tidy


@dataclass(frozen=True, slots=True)
class Job:
    """``every_seconds`` is counted from the end of one run to the start of the next."""

    name: str
    every_seconds: float
    run: Callable[[Runner], Awaitable[int]]


JOBS = (
    Job("note-new-names", 2.0, note_new_names),
    Job("settle-due", 60.0, settle_due),
    Job("refresh-search", 60.0, refresh_bodies),
    Job("retire-deleted", 300.0, retire_deleted),
    Job("tidy", 3600.0, tidy),
)
