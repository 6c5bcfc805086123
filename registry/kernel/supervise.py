"""The supervisor: starts every service as a process, restarts what dies, and leaves nothing behind.

Theory of operation. ``zhengming up`` is one small process that holds no connection and answers no client. It starts PostgreSQL
(when it is embedded) and then one process a service, each tied to its life by the kernel: when the supervisor is killed, even with
SIGKILL, its children are told to stop. A child that dies is started again after a wait that doubles from a tenth of a
second to ten, and begins anew once it has lived for half a minute; every death and start is an event in the log. Stopping goes in the
reverse order: doors drain first, PostgreSQL goes last, and what does not stop in time is killed.
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from registry.kernel.log import get_logger
from registry.kernel.service import DRAIN_SECONDS

FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 10.0
SETTLED_SECONDS = 30.0  # a child that lived this long is no longer counted as failing
STOP_SECONDS = DRAIN_SECONDS + 5.0
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process to keep alive. ``instance`` names it in logs; ``start`` makes a fresh process."""

    instance: str
    start: Callable[[], Awaitable["Process"]]
    stop_signal: signal.Signals = signal.SIGTERM
    process: "Process | None" = None
    restarts: int = 0
    _wait: float = field(default=FIRST_WAIT_SECONDS)

    def next_wait(self, lived: float) -> float:
        """How long to wait before the next start, given how long the last one lived."""
        if lived >= SETTLED_SECONDS:
            self._wait = FIRST_WAIT_SECONDS
        wait, self._wait = self._wait, min(self._wait * 2, LONGEST_WAIT_SECONDS)
        return wait


class Process:
    """A running process, ours or adopted, known by its pid."""

    def __init__(self, pid: int, ended: Awaitable[int | None]) -> None:
        self.pid = pid
        self._ended = asyncio.ensure_future(ended)

    async def wait(self) -> int | None:
        """The exit code, negative for a signal; None when it is not our child."""
        return await asyncio.shield(self._ended)

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return not self._ended.done()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; one that ended meanwhile is no error."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


async def spawn(command: Sequence[str], environment: Mapping[str, str]) -> Process:
    """Start a command as a child that is told to stop when we die."""
    child = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C at the terminal is ours to hear; we stop the children in their order
        preexec_fn=_TieToParent(),  # no threads of ours hold locks here; it calls libc only
    )
    return Process(child.pid, child.wait())


async def watch_pid(pid: int) -> None:
    """Return when a process that may not be our child has ended."""
    handle = os.pidfd_open(pid)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


class _TieToParent:
    """Run between fork and exec; ends the child at once when the parent died in that very moment."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None)
        self._parent = os.getpid()

    def __call__(self) -> None:
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != self._parent:
            os._exit(1)


class Supervisor:
    """Keeps children alive until :meth:`stop`. Children are started in the order given and stopped in the reverse."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._log = get_logger()

    def is_stopping(self) -> bool:
        """Whether deaths are now expected."""
        return self._stopping

    async def add(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        self.children.append(child)
        child.process = await child.start()
        self._tasks.append(asyncio.create_task(self._keep(child)))

    async def stop(self) -> None:
        """Stop everything, last started first; kill what does not stop in time."""
        self._stopping = True
        for child in reversed(self.children):
            await self._stop_child(child)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop_together(self, children: Sequence[Child]) -> None:
        """Stop several children at the same time."""
        self._stopping = True
        await asyncio.gather(*(self._stop_child(child) for child in children))

    async def _keep(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        while child.process:
            began = loop.time()
            code = await child.process.wait()
            if self.is_stopping():
                return
            wait = child.next_wait(loop.time() - began)
            self._log.error("service died", instance=child.instance, exit=code, restart_in=wait)
            await asyncio.sleep(wait)
            if self.is_stopping():
                return
            child.restarts += 1
            child.process = await child.start()
            self._log.info("service restarted", instance=child.instance, restarts=child.restarts, pid=child.process.pid)

    async def _stop_child(self, child: Child) -> None:
        if child.process is None or not child.process.is_alive:
            return
        child.process.send(child.stop_signal)
        try:
            await asyncio.wait_for(child.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._log.warning("killed", instance=child.instance)
            child.process.send(signal.SIGKILL)
            await child.process.wait()


def use_pidfd_watcher() -> None:
    """Let asyncio wait for children through pidfds, without a thread a child (default from Python 3.12)."""
    if sys.version_info < (3, 12):
        asyncio.set_child_watcher(asyncio.PidfdChildWatcher())
