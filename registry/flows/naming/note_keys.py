"""Give newly registered names the keys under which similar ones are found; run every few seconds by the schedule."""

from registry.flows.act import Act, Caller
from registry.flows.naming.near import keys_of_registered
from registry.flows.runner import Runner
from registry.policy.naming.tables import shipped_tables
from registry.store import name_keys

BATCH = 2_000  # names a transaction: a tenth of a second of work, so that stopping never waits long
JOB = Caller("job", "note-new-names")


async def note_keys(act: Act, most: int = BATCH) -> int:
    """Take up to ``most`` waiting names and write their keys. Returns how many were taken; 0 means that none waits."""
    tables = shipped_tables()
    waiting = await name_keys.take_waiting(act.conn, most)
    await name_keys.add(act.conn, [(key, roid) for roid, u in waiting if u for key in keys_of_registered(u, tables)])
    return len(waiting)


async def note_new_names(runner: Runner) -> int:
    """All that wait now, batch by batch. Returns how many."""
    total = 0
    while taken := await runner.run(JOB, note_keys):
        total += taken
    return total
