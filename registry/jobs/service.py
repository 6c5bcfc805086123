"""The service ``jobs``: seals the audit chain and runs the schedule."""

import asyncio
from contextlib import suppress

from registry.audit.sequencer import run_sequencer
from registry.flows.runner import Runner
from registry.jobs.schedule import JOBS, Job
from registry.kernel import metrics
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from registry.kernel.service import Parts, Service

_RUNS = metrics.counter("jobs_runs", "Runs of scheduled jobs", "job", "outcome")


class Jobs:
    """See ``registry.kernel.service.Service``."""

    name = "jobs"

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._runner = Runner(parts.db, parts.clock, parts.config)
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._log = get_logger()

    async def start(self) -> None:
        """Begin at once; the first run of every job makes up what was missed while we were away."""
        sequencer = run_sequencer(self._parts.db, self._parts.clock, self._stopping)
        self._tasks = [asyncio.create_task(sequencer), *(asyncio.create_task(self._keep(job)) for job in JOBS)]

    def ready(self) -> bool:
        """Whether every task still runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def drain(self) -> None:
        """Seal what is waiting; cut sleeping jobs short."""
        self._stopping.set()
        sequencer, *jobs = self._tasks
        for task in jobs:
            task.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        with suppress(Refusal):
            await sequencer

    async def close(self) -> None:
        """Let go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, job: Job) -> None:
        while True:
            try:
                done = await job.run(self._runner)
            except Refusal as refusal:
                _RUNS.labels(job.name, "refused").inc()
                self._log.warning("job refused", job=job.name, reason=refusal.reason, text=refusal.text.en)
            except Exception:  # noqa: BLE001  # one broken job must not stop the others; it is logged with its trace and counted
                _RUNS.labels(job.name, "failed").inc()
                self._log.exception("job failed", job=job.name)
            else:
                _RUNS.labels(job.name, "done").inc()
                if done:
                    self._log.info("job done", job=job.name, count=done)
            await self._parts.clock.sleep(job.every_seconds)


def create(parts: Parts) -> Service:
    """Build the service."""
    return Jobs(parts)
