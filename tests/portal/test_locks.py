"""The registry lock in the portal: two people, one page."""

import pytest

from tests.portal.test_review import decide
from tests.portal.world import Portal, Tab, filed

NAME = "xn--xkrp53d.xn--55qw42g"  # 清华.公益
HOME = "/portal/locks"


@pytest.fixture
async def held(portal: Portal) -> Portal:
    """清华.公益 is registered."""
    application = await filed(portal.runner, "central")
    await decide(portal.runner, "reviewer-central", application, "approve")
    return portal


async def propose(tab: Tab, move: str, **fields: str) -> None:
    await tab.get(HOME)
    await tab.post(HOME, {"name": "清华。公益", "move": move, "reason": "重点保护", **fields})


async def answer(tab: Tab, portal: Portal, said: str) -> None:
    number = await portal.runner.db.fetchval("select max(id) from lock_order")
    await tab.get(HOME)
    await tab.post(f"{HOME}/{number}", {"answer": said})


async def statuses(portal: Portal) -> str:
    """The lock of the name as the register keeps it."""
    found: str | None = await portal.runner.db.fetchval("select lock::text from domain where name = $1", NAME)
    return found or ""


async def test_a_lock_is_put_on_opened_and_released_by_two(held: Portal) -> None:
    """The name is typed as people write it; whoever proposed has no button to confirm and no right to; the other has; a window is closed by one."""
    operator, officer = await held.as_("operator"), await held.as_("security-officer")
    await propose(operator, "lock")
    assert operator.status == 303, operator.text
    await operator.get(HOME)
    assert 'value="confirm"' not in operator.text
    await answer(operator, held, "confirm")
    assert operator.status == 403
    assert 'role="alert"' in operator.text
    assert await statuses(held) == ""
    await officer.get(HOME)
    assert 'value="confirm"' in officer.text
    await answer(officer, held, "confirm")
    assert officer.status == 303, officer.text
    await officer.get(HOME)
    assert "已锁定" in officer.text
    await propose(officer, "open", hours="2")
    await answer(operator, held, "confirm")
    await operator.get(HOME)
    assert "窗口开放至" in operator.text
    await propose(officer, "close")
    assert officer.status == 303, officer.text
    await propose(operator, "release")
    await answer(officer, held, "confirm")
    assert await statuses(held) == ""


async def test_a_proposal_is_withdrawn(held: Portal) -> None:
    """By whoever keeps locks; it then stands among what was settled."""
    operator = await held.as_("operator")
    await propose(operator, "lock")
    await answer(operator, held, "withdraw")
    assert operator.status == 303
    await operator.get(HOME)
    assert "已撤回" in operator.text


@pytest.mark.parametrize(
    "fields",
    [
        {"move": "steal"}, {"move": ""}, {"move": "lock", "name": "没有这个名称.公益"}, {"move": "lock", "name": "<script>"},
        {"move": "lock", "reason": ""}, {"move": "open"}, {"move": "close"}, {"move": "open", "hours": "x"},
        {"move": "open", "hours": "99"}, {"move": "lock", "name": "\x00"},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_said_on_the_page(held: Portal, fields: dict[str, str]) -> None:
    """In both languages, with what was typed, and nothing is written."""
    operator = await held.as_("operator")
    await operator.get(HOME)
    await operator.post(HOME, {"name": "清华.公益", "reason": "重点保护", **fields})
    assert 400 <= operator.status < 500
    assert 'role="alert"' in operator.text
    assert "<script>" not in operator.text
    assert await held.runner.db.fetchval("select count(*) from lock_order") == 0
