"""The command line as a whole: every command of the contract, polite failures, quick starts."""

import subprocess
import sys
from pathlib import Path

import pytest

from registry.cli.catalogue import SERVICES, resolve
from registry.cli.commands import COMMANDS
from registry.cli.main import main

# CONTRACT.md, "The command zhengming"
CONTRACT = {
    ("up",), ("serve",), ("name", "check"), ("establishment", "import"), ("establishment", "generate"), ("registrar", "create"),
    ("api-client", "create"), ("zone", "export"), ("audit", "verify"), ("doctor",), ("db", "migrate"), ("backup",), ("restore",),
}  # fmt: skip


def test_every_command_of_the_contract_is_there() -> None:
    """People's scripts call these names."""
    assert set(COMMANDS) >= CONTRACT
    assert [listed.name for listed in SERVICES if listed.name != "jobs"] == [
        "epp",
        "dns",
        "whois",
        "web",
        "monitor",
        "probe",
    ]


@pytest.mark.parametrize("words", list(COMMANDS))
def test_every_command_answers_help_and_takes_data(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Its help is in Chinese and English, and it takes --data."""
    assert resolve(COMMANDS[words]).words == words
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    said = capsys.readouterr().out

    assert ended.value.code == 0
    assert "--data" in said
    assert any("\u4e00" <= character <= "\u9fff" for character in said)


def test_a_refusal_is_two_sentences_and_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken configuration is told in Chinese and in English; the exit code is 1."""
    config = tmp_path / "x.toml"
    config.write_text("port_bas = 1\n")
    code = main(["doctor", "--config", str(config), "--data", str(tmp_path)])
    said = capsys.readouterr().err

    assert code == 1
    assert "没有配置项" in said
    assert "unknown key" in said
    assert "Traceback" not in said


def test_starting_a_service_does_not_load_the_other_commands() -> None:
    """The command of a service brings neither the spreadsheet reader nor the synthetic bodies along."""
    program = "import sys; from registry.cli.main import build_parser; build_parser(('serve',)); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert "registry.cli.serve" in loaded
    assert not {"openpyxl", "registry.cli.demo", "lxml"} & set(loaded)


async def test_a_fresh_installation_without_demo_is_filled_by_hand(tmp_path: Path) -> None:
    """Registrar, client and bodies are made on the command line, each as one JSON line that a script can read."""
    import json

    def run(*words: str) -> dict[str, object]:
        command = [sys.executable, "-m", "registry.cli.main", *words, "--data", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
        return answer

    registrar = run("registrar", "create", "gov-registrar", "--name", "某注册服务机构", "--iana-id", "9001")
    client = run("api-client", "create", "--registrar", "gov-registrar")
    generated = run("establishment", "generate", "--count", "300", "--seed", "7", "--out", str(tmp_path / "bodies.csv"))
    imported = run("establishment", "import", str(tmp_path / "bodies.csv"))

    assert registrar["id"] == "gov-registrar"
    assert set(client) == {"client_id", "client_secret"}
    assert generated["written"] == 300
    assert imported == {"inserted": 300, "updated": 0, "unchanged": 0, "rejected": 0, "missing": 0}
