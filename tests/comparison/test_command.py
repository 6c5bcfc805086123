"""``zhengming compare`` as an operator and a reviewer use it."""

import json
from pathlib import Path

import pytest

from registry.cli.compare import bar
from registry.cli.main import main
from registry.establishment.comparison.laying import Step
from registry.flows.runner import Runner
from registry.kernel.config import load_config
from registry.kernel.db import Database
from registry.model.person import Person
from tests.comparison.world import COUNTY, HEAD, LIBRARY, PROVINCE, ROWS, fill, written
from tests.kit.clock import FakeClock
from tests.kit.database import TestDatabases

_ADD_PERSON = """
insert into person (username, role, region, uscc, name, password_hash, totp_secret, created_at) values ($1, $2, $3, '', '', 'x', 'x', now())"""


async def _prepare(dsn: str, tmp_path: Path) -> Path:
    db = await Database.open(dsn, size=4)
    try:
        runner = Runner(db, FakeClock(), load_config(data=tmp_path / "data"))
        await fill(runner)
        for one in (COUNTY, PROVINCE):
            await _add(db, one)
        return written(runner, "统计.csv", HEAD + ROWS)
    finally:
        await db.close()


async def _add(db: Database, one: Person) -> None:
    await db.execute(_ADD_PERSON, one.username, one.role.value, one.region)


async def test_from_the_file_to_the_correction(
    databases: TestDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Load, list, show, settle, tasks, correct and export, each in one command, with answers that programs read."""
    import asyncio

    async with databases.clone_dsn() as dsn:
        path = await _prepare(dsn, tmp_path)
        monkeypatch.setenv("ZHENGMING_DATABASE_URL", dsn)

        async def run(*words: str) -> tuple[int, str]:
            code = await asyncio.to_thread(main, ["compare", *words, "--data", str(tmp_path / "data")])
            return code, capsys.readouterr().out

        code, out = await run("load", str(path), "--department", "statistics", "--area", "43")
        assert code == 0
        assert "第 9 行" in out
        loaded = json.loads(out.splitlines()[-1])
        assert (loaded["rows"], loaded["rejected"], loaded["different.open"]) == (7, 2, 3)
        number = str(loaded["comparison"])
        assert json.loads((await run("list", "--json"))[1])["found"]["same"] == 1
        assert "有差异 3" in (await run("list"))[1]
        shown = json.loads((await run("show", number, "--field", "legal_representative", "--json"))[1])
        (finding,) = shown["findings"]
        assert finding["uscc"] == LIBRARY
        assert "张三 ↔ 李四" in (await run("show", number))[1]
        assert [json.loads(line)["line"] for line in (await run("show", number, "--rejected"))[1].splitlines()] == [
            9,
            10,
        ]
        code, out = await run(
            "settle",
            number,
            str(finding["id"]),
            "--verdict",
            "legal_representative=theirs",
            "--remark",
            "核实",
            "--by",
            COUNTY.username,
        )
        assert json.loads(out)["state"] == "settled"
        task = json.loads((await run("tasks"))[1])
        assert task["asked"] == {"legal_representative": ["张三", "李四"]}
        code, out = await run("correct", str(task["task"]), "--by", PROVINCE.username)
        assert json.loads(out)["updated"] == 1
        out_file = tmp_path / "out.csv"
        code, _ = await run("export", number, "--out", str(out_file))
        assert code == 0
        assert out_file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert (await run("settle", number, str(finding["id"]), "--verdict", "ours", "--by", "nobody"))[0] != 0
        assert (await run("load", str(tmp_path / "none"), "--department", "tax"))[0] != 0


def test_the_bar_tells_stage_and_share() -> None:
    """Rows while the end is not known, then a share."""
    assert bar("a.csv", Step("reading", 1000, 0)).endswith("1,000 行 / rows")
    assert "50%" in bar("a.csv", Step("matching", 5, 10))
