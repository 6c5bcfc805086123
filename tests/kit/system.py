"""The whole product as processes, as an operator starts it: ``zhengming up --demo`` on a data directory of the test's own."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

from tests.kit.ports import free_port_base

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120.0


class System:
    """A running system. ``accounts`` are those of the demo."""

    def __init__(self, data: Path, *, demo: bool = True, workers: int = 1) -> None:
        self.data = data
        self.base = free_port_base()
        self._arguments = ["--demo" if demo else "--no-demo", "--workers", str(workers)]
        self._process: subprocess.Popen[str] | None = None
        self.ready_event: dict[str, Any] = {}
        self.ready_seconds = 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait for the ``ready`` line."""
        began = time.monotonic()
        log = (self.data.parent / f"{self.data.name}.log").open("a")
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "registry.cli.main",
                "up",
                "--data",
                str(self.data),
                "--port-base",
                str(self.base),
                *self._arguments,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        log.close()
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise AssertionError(f"it did not become ready:\n{self.log()[-4000:]}")
        self.ready_event = json.loads(line)
        self.ready_seconds = time.monotonic() - began

    def stop(self) -> int:
        """Ctrl-C, and the exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        code = self._process.wait(60)
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None
        return code

    def kill_supervisor(self) -> None:
        """``kill -9`` of the top process."""
        assert self._process
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def processes(self) -> dict[str, int]:
        """Every process of the system by what it is: ``epp``, ``dns`` … and ``postgresql``."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                name = self._what_is(entry)
                if name:
                    found[name] = int(entry.name)
        return found

    def _what_is(self, entry: Path) -> str:
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return ""
        if "serve" in words and str(self.data) in words:
            return words[words.index("serve") + 1]
        if words and words[0].endswith("/postgres") and any(word.startswith(str(self.data)) for word in words):
            return "postgresql"
        return ""

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text()

    def port(self, door: str) -> int:
        port: int = self.ready_event["ports"][door]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port('web')}"

    @property
    def accounts(self) -> dict[str, Any]:
        accounts: dict[str, Any] = json.loads((self.data / "demo" / "accounts.json").read_text())
        return accounts

    def registrar(self, name: str = "registrar-a") -> dict[str, Any]:
        return next(one for one in self.accounts["registrars"] if one["id"] == name)

    def http(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """One HTTP request; JSON in and out where it is JSON."""
        data = json.dumps(body).encode() if body is not None else None
        all_headers = {"Content-Type": "application/json"} if body is not None else {}
        request = urllib.request.Request(self.url + path, data, {**all_headers, **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                raw, status = answer.read(), answer.status
        except urllib.error.HTTPError as error:
            with error:
                raw, status = error.read(), error.code
        try:
            return status, json.loads(raw)
        except ValueError:
            return status, raw.decode(errors="replace")

    def token(self, registrar: str = "registrar-a") -> dict[str, str]:
        """An Authorization header for the REST client of a registrar."""
        client = next(one for one in self.accounts["api"] if one["registrar"] == registrar)
        form = urllib.parse.urlencode(
            {"grant_type": "client_credentials", **{k: client[k] for k in ("client_id", "client_secret")}}
        ).encode()
        with urllib.request.urlopen(self.url + "/api/v1/token", form, timeout=30) as answer:
            return {"Authorization": f"Bearer {json.load(answer)['access_token']}"}

    def cli(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run ``zhengming`` on this system's data."""
        command = [sys.executable, "-m", "registry.cli.main", *words, "--data", str(self.data)]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stderr
        return done
