"""The pages of bodies that changed: list, card, proposal, agreement; and the same on the command line."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from registry.cli import acting, body
from registry.cli.command import Command
from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person, Role
from tests.kit.clock import FakeClock
from tests.portal.body_tasks.bureau import HEIR, LABEL, MERGED, NAME, NEW, OLD, County
from tests.portal.world import SECRET, Portal, cheap_hash

LIST = "/portal/body-tasks"


async def merged(county: County, clock: FakeClock) -> str:
    """The address of the task of a bureau that was renamed before and is merged now."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    await county.decides("keep")
    clock.set(datetime(2026, 9, 1, 4, tzinfo=UTC))
    await county.brings(HEIR, MERGED)
    return f"{LIST}/{await county.task()}"


async def test_the_card_takes_a_proposal_and_an_agreement(county: County, portal: Portal, clock: FakeClock) -> None:
    """It shows what happened with the life of the body; the form proposes, another agrees; who is not in charge does not find it."""
    page = await merged(county, clock)
    tab = await portal.as_("reviewer-county")
    await tab.get(page)
    for shown in ("长沙县文化旅游体育局", LABEL, HEIR.uscc, "长沙县文化局", "机构沿革", "2026-06-02", "标识"):
        assert shown in tab.text, shown
    await tab.post(f"{page}/proposal", {f"choice-{NAME}": f"follow:{HEIR.uscc}"})
    assert tab.status == 400
    assert "请写明理由" in tab.text
    await tab.post(f"{page}/proposal", {"reason": "承继"})
    assert tab.status == 400
    await tab.post(f"{page}/proposal", {f"choice-{NAME}": "keep", "reason": "承继"})
    assert tab.status == 409
    await tab.post(f"{page}/proposal", {f"choice-{NAME}": f"follow:{HEIR.uscc}", "reason": "承继全部职能"})
    assert (tab.status, tab.location) == (303, page)
    await tab.get(page)
    assert "同意并决定" not in tab.text
    second = await portal.as_("reviewer-city")
    await second.get(page)
    assert "承继全部职能" in second.text
    seen = second.text.split('name="seen" value="')[1].split('"')[0]
    await second.post(f"{page}/approval", {"seen": seen})
    assert (second.status, second.location) == (303, page)
    await second.get(page)
    assert "已决定" in second.text
    foreign = await portal.as_("abroad-county")
    await foreign.get(page)
    assert foreign.status == 404
    await foreign.get(LIST)
    await foreign.post(f"{page}/proposal", {f"choice-{NAME}": "retire", "reason": "x"})
    assert foreign.status == 404


async def test_the_list_is_narrowed(county: County, portal: Portal, clock: FakeClock) -> None:
    """By state, step, event and place; what cannot be meant narrows nothing."""
    page = await merged(county, clock)
    clock.set(datetime(2026, 9, 1, 5, tzinfo=UTC))
    tab = await portal.as_("reviewer-province")
    for query, is_there in (
        ("", True), ("?state=settled", False), ("?step=first", True), ("?step=second", False), ("?step=late", False),
        ("?event=merged", True), ("?event=split", False), ("?event=nonsense", True), ("?region=4301", True), ("?region=4302", False),
        ("?region=%25", True),
    ):  # fmt: skip
        await tab.get(LIST + query)
        assert (f'"{page}"' in tab.text) is is_there, query
    assert (await (await portal.as_("abroad-province")).get(LIST)).text.count(page) == 0


async def test_the_agencies_see_what_concerns_them(county: County, portal: Portal, clock: FakeClock) -> None:
    """The successor's people see the task of the body that they follow, without names of reviewers or an undecided proposal, and act on nothing."""
    page = await merged(county, clock)
    await county.proposes("reviewer-county", f"follow:{HEIR.uscc}", "承继全部职能")
    await _account(county, Person("agency-heir", Role.AGENCY, "430121", HEIR.uscc, "经办人"), clock)
    tab = await portal.as_("agency-heir")
    await tab.get(LIST)
    assert page in tab.text
    await tab.get(page)
    assert tab.status == 200
    assert "reviewer-county" not in tab.text
    assert "承继全部职能" not in tab.text
    await tab.post(f"{page}/approval", {"seen": "x"})
    assert tab.status == 403
    await county.approves("reviewer-county-2")
    await tab.get(page)
    assert "承继全部职能" in tab.text
    assert "reviewer-county" not in tab.text
    rival = await portal.as_("agency-rival")
    assert (await rival.get(page)).status == 404


async def _account(county: County, person: Person, clock: Clock) -> None:
    await county.runner.db.execute(
        """insert into person (username, role, region, uscc, name, password_hash, totp_secret, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        person.username, person.role.value, person.region, person.uscc, person.name, cheap_hash(), SECRET, clock.now(),
    )  # fmt: skip


class Line:
    """The command line on the database of the test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    async def __call__(self, command: Command, *words: str) -> str:
        """Run it as the program does, in a thread without a loop; what it printed."""
        parser = argparse.ArgumentParser()
        parser.add_argument("--data")
        parser.add_argument("--config")
        command.configure(parser)
        self._capsys.readouterr()
        assert await asyncio.to_thread(command.run, parser.parse_args(words)) == 0
        return self._capsys.readouterr().out


@pytest.fixture
def line(db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    """The commands open this test's database by its address, and stand at its instant."""

    @asynccontextmanager
    async def opened(_: Config) -> AsyncIterator[Database]:
        own = await Database.open(db.dsn, size=2)
        try:
            yield own
        finally:
            await own.close()

    monkeypatch.setattr(acting, "open_database", opened)
    monkeypatch.setattr(acting, "SystemClock", lambda: clock)
    return Line(capsys)


async def test_the_command_line_decides_by_the_same_rules(county: County, line: Line, clock: FakeClock) -> None:
    """List, show, propose, agree to what was shown; refusals are those of the portal."""
    await merged(county, clock)
    number = str(await county.task())
    told = json.loads(await line(body.TASKS, "--by", "reviewer-county", "--json"))
    assert [(one["id"], one["event"], one["uscc"]) for one in told["tasks"]] == [(int(number), "merged", OLD.uscc)]
    assert "没有机构变动事项" in await line(body.TASKS, "--by", "abroad-county")
    choice = ("--choice", f"{LABEL}=follow:{HEIR.uscc}")
    with pytest.raises(Refusal) as caught:
        await line(body.PROPOSE, number, "--choice", "=", "--reason", "x", "--by", "reviewer-county")
    assert caught.value.reason is Reason.VALUE_INVALID
    said = await line(body.PROPOSE, number, *choice, "--reason", "承继全部职能", "--by", "reviewer-county")
    assert f"由长沙县文化旅游体育局（{HEIR.uscc}）承继" in said
    shown = await line(body.SHOW, number, "--by", "reviewer-city")
    seen = shown.split("--seen ")[1].split()[0]
    with pytest.raises(Refusal) as caught:
        await line(body.APPROVE, number, "--seen", "2026-01-01T00:00:00+00:00", "--by", "reviewer-city")
    assert caught.value.reason is Reason.STATUS_FORBIDS
    done = json.loads(await line(body.APPROVE, number, "--seen", seen, "--by", "reviewer-city", "--json"))
    assert (done["state"], done["steps"][0]["choice"]) == ("settled", "follow")
    assert await county.holder() == HEIR.uscc


async def test_the_operator_decides_alone_on_the_command_line(county: County, line: Line, clock: FakeClock) -> None:
    """With a reason, and with a last day."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)
    number = str(await county.task())
    words = (number, "--choice", f"{LABEL}=keep@2026-12-31", "--by", "operator")
    with pytest.raises(Refusal) as caught:
        await line(body.OVERRIDE, *words)
    assert caught.value.reason is Reason.PARAMETER_MISSING
    said = await line(body.OVERRIDE, *words, "--reason", "该县审核员空缺")
    assert "最后使用日 2026-12-31" in said
    assert "将于 / on 2027-01-01" in said
