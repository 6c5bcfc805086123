"""The guide to the online push tells the truth: its commands are run, and what they print is what the page says."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.kernel.db import Database
from tests.kit.database import TestDatabases
from tests.kit.transcript import Step, matches, read_steps, run_steps
from tests.push.serving import ROOT, Serving

GUIDE = ROOT / "docs" / "establishment.md"


@pytest.fixture
async def dsn(databases: TestDatabases) -> AsyncIterator[str]:
    """An empty register."""
    async with databases.clone_dsn() as made:
        db = await Database.open(made, size=1)
        yield made
        await db.close()


def replaced(command: str, local: dict[str, str]) -> str:
    for word, ours in local.items():
        command = command.replace(word, ours)
    return command


async def test_the_commands_print_what_the_guide_says(dsn: str, tmp_path: Path) -> None:
    """Every command of the page, in order, in one shell, beside a fresh register."""
    with Serving(dsn, tmp_path) as server:
        local = {"127.0.0.1:8700": f"127.0.0.1:{server.base}", "/tmp/zhengming-": f"{tmp_path}/"}  # noqa: S108 - what the page says
        steps = read_steps(GUIDE)
        assert len(steps) >= 15
        translated = [Step(step.line, replaced(step.command, local), step.expected) for step in steps]
        printed = run_steps(translated, ROOT, {**server.environment, "PWD": str(ROOT)})
    for step, lines in zip(steps, printed, strict=True):
        assert matches(step.expected, lines), (
            f"{GUIDE.name}:{step.line}: {step.command}\nsays\n"
            + "\n".join(step.expected)
            + "\nbut prints\n"
            + "\n".join(lines)
        )
