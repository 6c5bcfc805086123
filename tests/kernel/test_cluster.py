"""The embedded PostgreSQL: found, started, stopped, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.kernel.config import load_config
from registry.kernel.pg.cluster import Cluster

USE = """
import sys, time
from pathlib import Path
from registry.kernel.config import load_config
from registry.kernel.pg.cluster import Cluster
with Cluster(load_config(data=Path(sys.argv[1]))) as cluster:
    print(cluster.running_pid(), flush=True)
    time.sleep(float(sys.argv[2]))
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until_gone(pid: int, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def user(folder: Path, seconds: float) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", USE, str(folder), str(seconds)], stdout=subprocess.PIPE)


def first_line(process: "subprocess.Popen[bytes]") -> int:
    assert process.stdout
    return int(process.stdout.readline())


def test_the_last_user_stops_the_server(tmp_path: Path) -> None:
    """Two commands share one server; it outlives the first and ends with the second."""
    with user(tmp_path, 1.0) as first, user(tmp_path, 2.0) as second:
        pid, same = first_line(first), first_line(second)
        assert pid == same
        first.wait()
        assert alive(pid)
        second.wait()

    assert until_gone(pid)


def test_a_command_that_was_killed_leaves_a_server_that_the_next_one_uses_and_stops(tmp_path: Path) -> None:
    """After kill -9 of a command its server is found, used, and stopped by the next."""
    with user(tmp_path, 60.0) as killed:
        pid = first_line(killed)
        killed.kill()
    assert alive(pid)
    with user(tmp_path, 0.0) as following:
        assert first_line(following) == pid

    assert until_gone(pid)


def test_a_crash_of_postgresql_and_its_stale_pid_file_do_not_prevent_a_start(tmp_path: Path) -> None:
    """After kill -9 of the server itself the files it left are recognised as stale and the next start recovers."""
    with user(tmp_path, 60.0) as first:
        pid = first_line(first)
        os.kill(pid, signal.SIGKILL)
        assert until_gone(pid)
        first.kill()
    pid_file = next(tmp_path.rglob("postmaster.pid"))
    assert pid_file.exists()
    with user(tmp_path, 0.0) as second:
        again = first_line(second)

    assert again != pid
    assert until_gone(again)


def test_a_short_command_starts_what_a_supervisor_stopped(tmp_path: Path) -> None:
    """After the supervisor's server has ended, a command starts its own on the same directory."""
    cluster = Cluster(load_config(data=tmp_path))
    cluster.prepare()
    with cluster.spawn_child() as child:
        cluster.wait_until_ready()
        cluster.stop()
        assert child.wait() == 0
    with user(tmp_path, 0.0) as command:
        assert first_line(command) > 0


def test_a_pid_file_that_names_another_program_is_stale(tmp_path: Path) -> None:
    """A number that meanwhile belongs to somebody else's process is not taken for our server, nor is that process touched."""
    cluster = Cluster(load_config(data=tmp_path))
    cluster.prepare()
    (cluster.pgdata / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert cluster.running_pid() is None
    with cluster:
        assert cluster.running_pid() not in (None, os.getpid())


def test_nobody_else_may_connect(tmp_path: Path) -> None:
    """There is no TCP port, and another account is refused on the socket by the kernel's own word."""
    with Cluster(load_config(data=tmp_path)) as cluster:
        status = Path(f"/proc/{cluster.running_pid()}/net/tcp").read_text()
        assert ":1538 " not in status  # 5432 in hexadecimal
        if os.geteuid() == 0:
            psql = [
                "setpriv",
                "--reuid=games",
                "--clear-groups",
                sys.executable,
                "-c",
                "import socket,sys;socket.socket(socket.AF_UNIX).connect(sys.argv[1])",
            ]
            refused = subprocess.run([*psql, f"{cluster.sockets}/.s.PGSQL.5432"], check=False, capture_output=True)
            assert refused.returncode != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_it_runs_for_an_ordinary_account_too(tmp_path: Path) -> None:
    """Started by an account that is not root, the server runs as that account."""
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_mode & 0o001 == 0 and path.stat().st_uid == 0 and len(path.parts) > 2:
            path.chmod(path.stat().st_mode | 0o011)
    run = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
         sys.executable, "-c", USE, str(folder), "0"],
        check=False, capture_output=True, cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip

    assert run.returncode == 0, run.stderr.decode()
    assert (folder / "postgresql").stat().st_uid == 65534
