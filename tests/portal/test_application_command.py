"""``zhengming application``: reviewing without a browser."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from registry.cli import application
from registry.flows.runner import Runner
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from tests.portal.world import WISHES, filed


class Line:
    """The command line on the database of the test."""

    def __init__(self, db: Database, capsys: pytest.CaptureFixture[str]) -> None:
        self._db, self._capsys = db, capsys

    async def __call__(self, command: application.Command, *words: str) -> str:
        """Run it as the program does, in a thread without a loop; what it printed."""
        parser = argparse.ArgumentParser()
        parser.add_argument("--data")
        parser.add_argument("--config")
        command.configure(parser)
        self._capsys.readouterr()
        assert await asyncio.to_thread(command.run, parser.parse_args(words)) == 0
        return self._capsys.readouterr().out


@pytest.fixture
def line(db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    """The command opens this test's database by its address, as it would an operator's own."""

    @asynccontextmanager
    async def opened(_: Config) -> AsyncIterator[Database]:
        own = await Database.open(db.dsn, size=2)
        try:
            yield own
        finally:
            await own.close()

    monkeypatch.setattr(application, "open_database", opened)
    return Line(db, capsys)


async def test_an_application_is_listed_and_decided_by_two(country: Runner, line: Line) -> None:
    """The list is the reviewer's own; the first approval is an opinion, the second person's creates the name."""
    waiting = await filed(country, "county")
    told = json.loads(await line(application.LIST, "--by", "reviewer-county", "--json"))
    assert [(one["id"], one["unicode"], one["stage"]) for one in told["applications"]] == [
        (waiting, WISHES["county"], "submitted")
    ]
    assert waiting in await line(application.LIST, "--by", "reviewer-city")
    assert "没有等待" in await line(application.LIST, "--by", "abroad-county")
    first = await line(application.APPROVE, waiting, "--by", "reviewer-county")
    assert "拟同意" in first
    second = json.loads(await line(application.APPROVE, waiting, "--by", "reviewer-city", "--json"))
    assert second == {"id": waiting, "stage": "approved"}
    assert await country.db.fetchval("select count(*) from domain") == 1
    actors = await country.db.fetch("select actor from application_step order by id")
    assert [row["actor"] for row in actors] == ["person:reviewer-county", "person:reviewer-city"]


async def test_the_rules_are_those_of_the_portal(country: Runner, line: Line) -> None:
    """No reason, another region, the same person twice, no reviewer, no such person: refused as in the browser."""
    waiting = await filed(country, "county")
    for command, words, reason in (
        (application.REFUSE, (waiting, "--by", "reviewer-county"), Reason.PARAMETER_MISSING),
        (application.APPROVE, (waiting, "--by", "abroad-county"), Reason.NOT_FOUND),
        (application.APPROVE, (waiting, "--by", "operator"), Reason.NOT_PERMITTED),
        (application.APPROVE, (waiting, "--by", "nobody"), Reason.NOT_FOUND),
        (application.LIST, ("--by", "agency"), Reason.NOT_PERMITTED),
    ):
        with pytest.raises(Refusal) as caught:
            await line(command, *words)
        assert caught.value.reason is reason, words
    refused = await line(application.REFUSE, waiting, "--by", "reviewer-county", "--reason", "无依据")
    assert "拟驳回" in refused
