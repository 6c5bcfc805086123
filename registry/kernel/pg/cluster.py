"""The embedded PostgreSQL: a data directory of ours, a server that nobody else can reach, and no orphans.

Theory of operation.

*Who may connect.* The server listens on a Unix socket only, and asks the kernel who is calling (``peer``): the account that
started 正名 is mapped to the database owner, nobody else is. There is no password to leak and no port to find.

*Who runs it.* PostgreSQL refuses to run as root. Started by root, we become the account ``postgres`` (or ``nobody``)
for the server alone. The programs or the data may then lie below a directory that this account may not enter (``/root``);
instead of opening that directory to everybody, the server keeps the one capability it needs, to read past directory permissions.

*Who stops it.* ``zhengming up`` starts it as a child that the kernel interrupts when its parent dies, so that even
``kill -9`` leaves no orphan. A short command (``zhengming establishment import``) starts it detached when none runs. Everyone who uses the server
holds a shared lock on ``lock``; whoever leaves last can take it exclusively and stops the server.

*What a crash leaves.* A ``postmaster.pid`` whose process is gone, or is not a PostgreSQL on this directory, is removed before a start.
"""

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from registry.kernel.config import Config
from registry.kernel.errors import Fault
from registry.kernel.paths import short_directory
from registry.kernel.pg.binaries import program

DATABASE = "zhengming"
OWNER = "zhengming"
START_SECONDS = 60.0  # crash recovery of a busy day's write-ahead log; a healthy start takes well under one second
STOP_SECONDS = 30.0  # a fast shutdown writes a checkpoint
MAX_CONNECTIONS = 200
ACCOUNTS = ("postgres", "nobody")  # whom root becomes for the server, first one that exists

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs the server: ours, or the one that root hands it to."""

    name: str
    uid: int
    gid: int
    switched: bool


class Cluster:
    """The embedded server of one data directory. Use :meth:`open`, or the pieces from a supervisor."""

    def __init__(self, config: Config, settings: Mapping[str, str] | None = None) -> None:
        """``settings`` override ours, for tests that need a server without durable writes."""
        self._overrides = dict(settings or {})
        self.root = config.data / "postgresql"
        self.pgdata = self.root / f"pg{program('postgres').parent.parent.name[-2:]}"
        self.sockets = short_directory(self.root / "run")
        self.account = _account()
        self._shared_buffers = config.database.shared_buffers
        self._lock: IO[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The URL under which our own services reach it."""
        return f"postgresql://{OWNER}@/{DATABASE}?host={self.sockets}"

    def open(self) -> Self:
        """Make sure that a server runs, starting a detached one if need be, and say that we use it."""
        self._make_directories()
        with _Exclusive(self.root / "start"):
            self._fill_directories()
            if not self.running_pid():
                self.remove_stale_files()
                self._run("pg_ctl", "start", "-W", "-s", "-D", self.pgdata, "-l", self.root / "log" / "start.log")
            self.wait_until_ready()
            self.hold()
            self.create_database()
        return self

    def hold(self) -> None:
        """Keep the server from being stopped by others while we use it."""
        self._lock = (self.root / "lock").open("ab")
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def close(self) -> None:
        """Stop using the server; the last user stops it."""
        if self._lock is None:
            return
        with _Exclusive(self.root / "start"):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                self.stop()
            finally:
                self._lock.close()
                self._lock = None

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """Create the data directory if there is none, and write our settings."""
        self._make_directories()
        with _Exclusive(self.root / "start"):
            self._fill_directories()

    def _make_directories(self) -> None:
        for directory in (self.root, self.sockets, self.root / "log"):
            directory.mkdir(parents=True, exist_ok=True)
            self._own(directory, 0o700)

    def _fill_directories(self) -> None:
        if not (self.pgdata / "PG_VERSION").exists():
            self._initialise()
        self._write("zhengming.conf", self._settings())
        self._write("pg_hba.conf", "local all all peer map=zhengming\nlocal replication all peer map=zhengming\n")
        ours = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_ident.conf", "".join(f"zhengming {name} {OWNER}\n" for name in {ours, self.account.name}))

    def spawn_child(self) -> "subprocess.Popen[bytes]":
        """Start the server as our child that is interrupted when we die. Call :meth:`prepare` first."""
        self.remove_stale_files()
        with (self.root / "log" / "start.log").open("wb") as log:
            self._own(
                self.root / "log" / "start.log", 0o600
            )  # the next start may be a short command's, by the other account
            return subprocess.Popen(  # noqa: S603  # our own program, our own arguments
                [program("postgres"), "-D", self.pgdata],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C at the terminal is ours to hear, the server is stopped in its turn
                preexec_fn=Become(self.account),  # noqa: PLW1509  # no threads yet; calls libc only
                cwd="/",
            )

    def running_pid(self) -> int | None:
        """The pid of the server on this directory, checked to be one, or None."""
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.pgdata).encode() in command.split(b"\0") and state != "Z" else None

    def remove_stale_files(self) -> None:
        """Remove what a crash left: a pid file without its process, the socket and its lock."""
        if self.running_pid():
            return
        for path in (self.pgdata / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)

    def wait_until_ready(self) -> None:
        """Return when the server takes connections; Fault with the end of its log when it does not."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._accepts():
                return
            time.sleep(0.02)
        raise Fault(f"the embedded PostgreSQL did not start: {self._last_words()}")

    def create_database(self) -> None:
        """Create the database on first use."""
        found = self._psql("postgres", f"select 1 from pg_database where datname = '{DATABASE}'")
        if found.strip() != "1":
            self._psql("postgres", f"create database {DATABASE} owner {OWNER} template template0 encoding 'UTF8'")

    def stop(self) -> None:
        """A fast shutdown: sessions are cut, everything committed is on disk."""
        pid = self.running_pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.running_pid() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.running_pid():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def _initialise(self) -> None:
        """Initialise beside the place and move there when it is whole, so that a kill leaves no half cluster."""
        partial = self.pgdata.with_name(self.pgdata.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        self._own(partial, 0o700)
        # C sorts UTF-8 in the same order as C.UTF-8, and PostgreSQL knows how to be quick about it
        form = ("--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--data-checksums")
        self._run("initdb", "-D", partial, "-U", OWNER, "--auth=peer", *form, "--no-instructions")
        main = partial / "postgresql.conf"
        main.write_text(main.read_text() + "\ninclude = 'zhengming.conf'\n")
        partial.rename(self.pgdata)

    def _settings(self) -> str:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.sockets}'",
            "unix_socket_permissions": "0700"
            if not self.account.switched
            else "0777",  # peer decides, the directory is 0700
            "max_connections": MAX_CONNECTIONS,
            "shared_buffers": self._shared_buffers,
            "wal_level": "replica",
            "wal_compression": "on",
            "track_commit_timestamp": "on",  # the audit sequencer seals in commit order
            "max_wal_size": "2GB",
            "checkpoint_timeout": "10min",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "on",
            "log_directory": f"'{self.root / 'log'}'",
            "log_filename": "'postgresql-%a.log'",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
        }
        return "".join(f"{key} = {value}\n" for key, value in {**settings, **self._overrides}.items())

    def _write(self, name: str, text: str) -> None:
        path = self.pgdata / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        self._own(path, 0o600)

    def _own(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if self.account.switched:
            os.chown(path, self.account.uid, self.account.gid)

    def _run(self, name: str, *args: str | Path) -> None:
        result = subprocess.run(  # noqa: S603  # our own program, our own arguments
            [str(program(name)), *map(str, args)],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            preexec_fn=Become(self.account),  # no threads yet; calls libc only
            cwd="/",
        )
        if result.returncode:
            raise Fault(f"{name} failed: {result.stderr.decode(errors='replace').strip()}")

    def _psql(self, database: str, sql: str) -> str:
        result = subprocess.run(  # noqa: S603  # our own program, our own arguments
            [
                str(program("psql")),
                "-h",
                str(self.sockets),
                "-U",
                OWNER,
                "-d",
                database,
                "-AtqX",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                sql,
            ],
            check=False,
            capture_output=True,
        )
        if result.returncode:
            raise Fault(f"psql failed: {result.stderr.decode(errors='replace').strip()}")
        return result.stdout.decode()

    def _accepts(self) -> bool:
        command = [str(program("pg_isready")), "-h", str(self.sockets), "-q", "-t", "2"]
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603  # our own program, our own arguments

    def _last_words(self) -> str:
        logs = sorted((self.root / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        return " | ".join(
            "".join(path.read_text(errors="replace").splitlines(keepends=True)[-5:]) for path in logs[-2:]
        )


class Become:
    """Run in the child between fork and exec: change account, keep the one capability, tie its life to ours."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._libc = ctypes.CDLL(None, use_errno=True)

    def __call__(self) -> None:
        """Order matters: the kernel forgets the death signal when the account changes."""
        if self._account.switched:
            self._libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([])
            os.setresgid(self._account.gid, self._account.gid, self._account.gid)
            os.setresuid(self._account.uid, self._account.uid, self._account.uid)
            _keep_only(self._libc, _CAP_DAC_READ_SEARCH)
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    """Drop every capability but one (capset, version 3 of its interface), and let exec keep that one (ambient).

    Where a container does not grant it the call fails and is ignored: then the directories must be enterable.
    """
    header = _CapHeader(0x20080522, 0)
    data = (_CapData * 2)()
    bit = 1 << capability
    data[0] = _CapData(bit, bit, bit)
    if libc.capset(ctypes.byref(header), data) == 0:
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _account() -> Account:
    uid = os.geteuid()
    if uid != 0:
        return Account(pwd.getpwuid(uid).pw_name, uid, os.getegid(), switched=False)
    for name in ACCOUNTS:
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(name, found.pw_uid, found.pw_gid, switched=True)
    raise Fault(f"PostgreSQL refuses to run as root, and none of the accounts {ACCOUNTS} exists")


class _Exclusive:
    """An exclusive lock on a file, for the moment in which servers are started and stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> None:
        self._file = self._path.open("ab")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()
