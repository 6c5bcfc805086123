"""The supervisor: what dies is started again, what is stopped leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.kernel.supervise import (
    FIRST_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    SETTLED_SECONDS,
    Child,
    Supervisor,
    spawn,
    watch_pid,
)

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
DEAF = (sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
ORPHAN = """
import asyncio, os, sys
from registry.kernel.supervise import spawn
async def main():
    child = await spawn((sys.executable, "-c", "import time; time.sleep(600)"), {})
    print(child.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until(condition: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


async def test_a_child_that_is_killed_is_started_again() -> None:
    """After kill -9 another process stands in its place, and the death was counted."""
    supervisor = Supervisor()
    child = Child("x", lambda: spawn(SLEEP, {}))
    await supervisor.add(child)
    assert child.process
    first = child.process.pid
    child.process.send(signal.SIGKILL)
    await until(lambda: child.process and child.process.pid != first)
    assert child.restarts == 1
    assert child.process
    assert alive(child.process.pid)
    await supervisor.stop()


async def test_stopping_ends_every_child_and_none_is_started_again() -> None:
    """After a stop no process of ours is left."""
    supervisor = Supervisor()
    children = [Child(str(number), lambda: spawn(SLEEP, {})) for number in range(3)]
    for child in children:
        await supervisor.add(child)
    pids = [child.process.pid for child in children if child.process]
    await supervisor.stop()

    assert not any(alive(pid) for pid in pids)
    assert [child.restarts for child in children] == [0, 0, 0]


async def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ignores SIGTERM is ended after the time that a drain may take."""
    monkeypatch.setattr("registry.kernel.supervise.STOP_SECONDS", 0.5)
    supervisor = Supervisor()
    child = Child("deaf", lambda: spawn(DEAF, {}))
    await supervisor.add(child)
    await asyncio.sleep(0.3)
    assert child.process
    pid = child.process.pid
    await supervisor.stop()

    assert not alive(pid)


async def test_children_die_with_a_supervisor_that_is_killed() -> None:
    """Kill -9 of the supervisor leaves no orphan: the kernel tells its children."""
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    await until(lambda: not alive(pid))


async def test_a_process_that_is_not_our_child_can_be_watched() -> None:
    """An adopted process is noticed when it ends."""
    other = subprocess.Popen(SLEEP)
    watching = asyncio.create_task(watch_pid(other.pid))
    await asyncio.sleep(0.05)
    assert not watching.done()
    os.kill(other.pid, signal.SIGKILL)
    await asyncio.wait_for(watching, 5)
    other.wait()


def test_waits_double_and_begin_anew_after_a_quiet_time() -> None:
    """A child that fails at once is started ever more slowly, one that settled is started at once."""
    child = Child("x", lambda: spawn(SLEEP, {}))
    waits = [child.next_wait(0.0) for _ in range(10)]

    assert waits[:3] == [FIRST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2, FIRST_WAIT_SECONDS * 4]
    assert waits[-1] == LONGEST_WAIT_SECONDS
    assert child.next_wait(SETTLED_SECONDS) == FIRST_WAIT_SECONDS
