"""Starting, stopping, and what is left behind."""

import json
import time
from pathlib import Path

import pytest

from tests.kit.system import System

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("story")]

SECOND_START_SECONDS = (
    10.0  # on a machine that tests share; five on a quiet one is the bar, and docs/performance.md has what was measured
)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_second_start_is_quick_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    """The second start is quick; after Ctrl-C no process is left, PostgreSQL neither, and the exit code is 0."""
    system = System(tmp_path / "data")
    with system:
        pids = [*system.processes().values(), system.pid]
        assert len(pids) == 9
        assert system.stop() == 0
        assert not any(alive(pid) for pid in pids)
        system.start()
        assert system.ready_seconds <= SECOND_START_SECONDS
        assert system.stop() == 0


def test_a_second_supervisor_on_the_same_data_is_refused(system: System) -> None:
    """Two would fight over ports and PostgreSQL; the second says so in two languages and changes nothing."""
    refused = system.cli("up", "--port-base", "18700", check=False)

    assert refused.returncode == 1
    assert "already runs" in refused.stderr
    assert "已有一个" in refused.stderr


def test_commands_work_beside_the_running_system(system: System) -> None:
    """Name check, doctor and zone export use the running database and leave it running."""
    passed = system.cli("name", "check", "清华大学.公益", "--uscc", "12100000400000624D", "--json", check=False)
    refused = system.cli("name", "check", "清华大学.政务", "--uscc", "12100000400000624D", check=False)
    zone = system.cli("zone", "export", "公益")
    doctor = system.cli("doctor", check=False)

    assert json.loads(passed.stdout)["a_label"].endswith(".xn--55qw42g")
    assert refused.returncode == 4
    assert "RRSIG" in zone.stdout
    assert "audit chain" in doctor.stdout
    assert system.http("GET", "/")[0] == 200


def test_a_backup_is_restored_into_an_empty_place(system: System, tmp_path: Path) -> None:
    """A backup taken while everything runs goes into an empty data directory, chain and keys included; into a full one it is refused."""
    made = json.loads(system.cli("backup", "--out", str(tmp_path / "all.tar")).stdout)
    assert (tmp_path / "all.tar").stat().st_mode & 0o077 == 0
    assert made["audit_head"]["position"] > 0
    refused = system.cli("restore", str(tmp_path / "all.tar"), check=False)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    other = System(tmp_path / "restored", demo=False)
    restored = json.loads(other.cli("restore", str(tmp_path / "all.tar")).stdout)
    assert restored["audit_holds"]
    assert restored["audit_entries"] == made["audit_head"]["position"]
    damaged = bytearray((tmp_path / "all.tar").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "damaged.tar").write_bytes(damaged)
    elsewhere = System(tmp_path / "elsewhere", demo=False)
    assert elsewhere.cli("restore", str(tmp_path / "damaged.tar"), check=False).returncode == 1


def test_health_and_figures_of_all_processes_are_in_one_place(system: System) -> None:
    """The operator's port tells readiness and the figures of every instance."""
    import urllib.request

    base = f"http://127.0.0.1:{system.port('ops')}"
    for path in ("/health/live", "/health/ready"):
        with urllib.request.urlopen(base + path, timeout=5) as answer:
            assert answer.status == 200
    time.sleep(0.1)
    with urllib.request.urlopen(base + "/metrics", timeout=5) as answer:
        figures = answer.read().decode()
    assert 'instance="jobs.0"' in figures
    assert "zhengming_" in figures
