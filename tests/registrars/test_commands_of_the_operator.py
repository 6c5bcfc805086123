"""``zhengming registrar …``, ``epp …``: the operator's tool, on a database of the test's own."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.cli.main import main
from tests.epp import phrases as say
from tests.kit.database import TEMPLATE, TestDatabases

DATABASE = "operator_tool"


@pytest.fixture
def tool(
    databases: TestDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Any]:
    """Runs a command and gives its exit code, output lines and complaints."""
    asyncio.run(databases._admin(f"create database {DATABASE} template {TEMPLATE}"))
    monkeypatch.setenv("ZHENGMING_DATABASE_URL", databases.dsn(DATABASE))

    def run(*words: str) -> tuple[int, list[str], str]:
        code = main([*words, "--data", str(tmp_path / "data")])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    yield run
    asyncio.run(databases._admin(f"drop database {DATABASE} with (force)"))


def test_an_account_from_its_birth_to_its_end(tool: Any, tmp_path: Path) -> None:
    """Create, limit, give users and networks, look, rehearse, search, stop: each prints JSON, and a mistake is told in two languages."""
    assert tool("registrar", "create", "rar-1", "--name", "甲")[0] == 0
    user = json.loads(tool("registrar", "user", "add", "rar-1", "clerk-1", "--rights", "no-delete")[1][0])
    assert len(user["password"]) == 16
    assert tool("registrar", "user", "status", "rar-1", "clerk-1", "suspended", "--reason", "离岗")[0] == 0
    assert tool("registrar", "limits", "rar-1", "--rate", "50", "--burst", "100", "--sessions", "4")[0] == 0
    assert tool("registrar", "rights", "rar-1", "create,update,renew")[0] == 0
    number = json.loads(tool("registrar", "network", "add", "rar-1", "192.0.2.0/24")[1][0])["number"]
    assert json.loads(tool("registrar", "password", "rar-1", "--user", "clerk-1")[1][0])["password"] != user["password"]
    person = json.loads(tool("registrar", "person", "rar-1", "wang", "--name", "王")[1][0])
    assert person["registrar"] == "rar-1"
    shown = json.loads(tool("registrar", "show", "rar-1")[1][0])
    assert shown["limits"] == {"rate": 50.0, "burst": 100, "left": 100}
    assert shown["rights"] == ["create", "renew", "update"]
    assert [one["network"] for one in shown["networks"]] == ["192.0.2.0/24"]
    assert tool("registrar", "network", "remove", str(number), "--reason", "迁移")[0] == 0
    file = tmp_path / "command.xml"
    file.write_bytes(say.contact_create("rst-contact"))
    code, lines, _ = tool("epp", "dry-run", "--registrar", "rar-1", str(file))
    assert code == 0
    assert 'code="1000"' in "\n".join(lines)
    found = [json.loads(line) for line in tool("epp", "log", "--registrar", "rar-1", "--json")[1]]
    assert [(one["command"], one["mode"]) for one in found] == [("create", "dry-run")]
    assert "rst-contact" in tool("epp", "log", "--object", "rst-contact")[1][0]
    assert tool("registrar", "status", "rar-1", "terminated", "--reason", "协议终止")[0] == 0
    assert json.loads(tool("registrar", "list")[1][0])["status"] == "terminated"
    assert tool("registrar", "reports", "rar-1") == (0, [], "")
    for words in (
        ("registrar", "show", "nobody"),
        ("registrar", "rights", "rar-1", "everything"),
        ("registrar", "network", "add", "rar-1", "not-a-network"),
        ("registrar", "certificate", "rar-1", "--file", str(file)),
        ("registrar", "reports", "rar-1", "--file", "nothing.csv"),
        ("registrar", "user", "add", "rar-1", "rar-1"),
        ("epp", "act", "--registrar", "rar-1", "--by", "wang", "--reason", "x", str(file)),
        ("epp", "act", "--registrar", "rar-1", "--by", "nobody", "--reason", "x", str(file)),
        ("epp", "dry-run", "--registrar", "rar-1", str(tmp_path / "missing.xml")),
        ("epp", "log", "--since", "yesterday"),
    ):
        code, lines, complaint = tool(*words)
        assert (code, lines) == (1, []), words
        assert complaint.count("zhengming: ") == 2, words
