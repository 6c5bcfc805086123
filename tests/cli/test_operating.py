"""Tokens, locks, statuses and maintenance on the command line: what the flows do, by somebody who answers for it."""

import asyncio
import json
from pathlib import Path

import pytest

from registry.cli.main import main
from registry.flows.runner import Runner
from registry.kernel.db import Database
from registry.model.person import Role
from tests.flows.world import TEST, A, World, build


@pytest.fixture
async def world(runner: Runner) -> World:
    """A name, and two people who may keep locks; one of them is an operator."""
    made = await build(runner)
    for name, role in (("wang", Role.OPERATOR), ("li", Role.SECURITY_OFFICER)):
        sql = "insert into person (username, role, name, password_hash, totp_secret, created_at) values ($1, $2, $1, '-', '-', now())"
        await runner.db.execute(sql, name, role.value)
    await made.domain(f"kept.{TEST}")
    return made


async def test_operators_work_without_a_browser(
    world: World, db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each command says what it did in JSON; who may not is told so in two languages."""
    monkeypatch.setenv("ZHENGMING_DATABASE_URL", db.dsn)

    async def run(*words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(main, [*words, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return code, said.out + said.err

    kept, why = f"kept.{TEST}", ("--reason", "重点保护")
    code, said = await run("token", "issue", f"aside.{TEST}", "--registrar", A, *why, "--by", "wang")
    assert code == 0
    token = json.loads(said)
    assert len(token["token"]) > 40
    assert token["token"] not in (await run("token", "list", "--by", "wang"))[1]
    assert (await run("token", "revoke", str(token["number"]), *why, "--by", "wang"))[0] == 0
    code, said = await run("token", "issue", f"aside.{TEST}", *why, "--by", "li")
    assert (code, "只有系统管理员" in said) == (1, True)
    number = str(json.loads((await run("lock", "propose", kept, "lock", *why, "--by", "wang"))[1])["number"])
    assert number in (await run("lock", "list", "--by", "li"))[1]
    assert (await run("lock", "confirm", number, "--by", "wang"))[0] == 1
    assert json.loads((await run("lock", "confirm", number, "--by", "li"))[1])["locked"]
    assert (await run("status", "set", "domain", kept, "--add", "serverHold", *why, "--by", "wang"))[0] == 1
    assert (await run("status", "set", "contact", "c-1", "--add", "serverDeleteProhibited", *why, "--by", "wang"))[
        0
    ] == 0
    assert (
        await db.fetchval("select status_reasons ->> 'serverDeleteProhibited' from contact where id = 'c-1'")
        == "重点保护"
    )
    announced = (
        "--title",
        "升级",
        "--start",
        "2099-06-01T22:00",
        "--end",
        "2099-06-02T02:00",
        "--system",
        "EPP=full",
        "--zh",
        "升级",
        "--en",
        "x",
    )
    made = json.loads((await run("maintenance", "announce", *announced, "--by", "wang"))[1])
    assert made["starts_at"] == "2099-06-01T14:00:00+00:00"
    assert made["id"] in (await run("maintenance", "list", "--by", "wang"))[1]
    assert (await run("maintenance", "change", made["id"], *announced, "--reconnect", "--by", "wang"))[0] == 0
    assert (await run("maintenance", "cancel", made["id"], "--by", "wang"))[0] == 0
