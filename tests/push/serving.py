"""The service ``web`` as a process of its own on a test's database, and the command line beside it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from registry.kernel.db import Database
from tests.kit.ports import free_port_base

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


class Serving:
    """``zhengming serve web``; it can be killed and started again on the same port."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.folder = folder
        self.base = free_port_base()
        self.environment = {**os.environ, "ZHENGMING_DATABASE_URL": dsn, "ZHENGMING_DATA": str(folder / "data")}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.base}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "web.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "registry.cli.main", "serve", "web", "--port-base", str(self.base)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.base)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"it does not listen:\n{(self.folder / 'web.log').read_text()[-4000:]}")

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def cli(self, *words: str, secret: str = "") -> "subprocess.CompletedProcess[str]":
        """``zhengming …`` on the same database."""
        environment = {**self.environment, "ZHENGMING_CLIENT_SECRET": secret}
        command = [sys.executable, "-m", "registry.cli.main", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)


async def until(db: Database, sql: str, *args: object) -> None:
    """Wait until the database says so."""
    async with asyncio.timeout(START_SECONDS):
        while not await db.fetchval(sql, *args):  # noqa: ASYNC110 - the other side is a database
            await asyncio.sleep(0.02)
