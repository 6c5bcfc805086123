"""Remove what nobody needs any more: answered idempotency keys, changes that every follower has long passed."""

from datetime import timedelta

from registry.flows.runner import Runner

IDEMPOTENCY_KEPT = timedelta(days=7)  # longer than any client retries
CHANGES_KEPT = timedelta(days=30)  # a follower that was away longer loads a snapshot instead; history keeps everything


async def tidy(runner: Runner) -> int:
    """Delete in one statement a table; returns how many rows went."""
    now = runner.clock.now()
    gone = [
        await runner.db.execute("delete from idempotency where at < $1", now - IDEMPOTENCY_KEPT),
        await runner.db.execute("delete from change where at < $1", now - CHANGES_KEPT),
    ]
    return sum(int(tag.split()[-1]) for tag in gone)
