"""Accounts are opened and restored by two officers, and nobody but the owner ever knows what proves him."""

import base64
import re

import pytest

from registry.flows.session.totp import code_at, step_of
from tests.portal.world import PASSWORD, SECRET, TSINGHUA, Portal, Tab, cheap_hash

NEW = {"username": "li", "name": "李", "role": "agency", "uscc": TSINGHUA, "reason": "新任经办人"}
CHOSEN = "correct horse battery staple"


@pytest.fixture
async def officers(portal: Portal) -> tuple[Tab, Tab]:
    """Two security officers, signed in."""
    await portal.runner.db.execute(
        "insert into person (username, role, name, password_hash, totp_secret, created_at) "
        "values ('officer-2', 'security-officer', '安全保密管理员乙', $1, $2, now())",
        cheap_hash(), SECRET,
    )  # fmt: skip
    return await portal.as_("security-officer"), await portal.as_("officer-2")


async def ordered(first: Tab, second: Tab, fields: dict[str, str]) -> str:
    """The first asks, the second agrees; returns the token of the letter."""
    await first.get("/portal/account-orders/new")
    await first.post("/portal/account-orders/new", fields)
    assert first.status == 303, first.text
    return await agreed(second)


async def agreed(second: Tab) -> str:
    """The second officer agrees to what waits."""
    await second.get("/portal/account-orders")
    found = re.search(r'action="(/portal/account-orders/\d+)"', second.text)
    assert found
    await second.post(found[1], {"move": "agree"})
    token = re.search(r"setup\?token=([\w-]+)", second.text)
    assert token, second.text
    return token[1]


async def set_up(portal: Portal, token: str, password: str = CHOSEN) -> Tab:
    """The owner uses the letter."""
    tab = portal.tab()
    await tab.get(f"/portal/setup?token={token}")
    secret = re.search(r'<p class="mono breakable">([A-Z2-7]+)</p>', tab.text)
    assert secret, tab.text
    code = code_at(base64.b32decode(secret[1]), step_of(portal.clock.now()))
    await tab.post("/portal/setup", {"token": token, "password": password, "again": password, "code": code})
    return tab


async def test_two_officers_and_the_owner_open_an_account(portal: Portal, officers: tuple[Tab, Tab]) -> None:
    """Asked, agreed, set up: then the owner signs in with what he chose. The letter works once, and its token is kept nowhere."""
    first, second = officers
    token = await ordered(first, second, NEW)
    assert (await portal.runner.db.fetchval("select password_hash from person where username = 'li'")) == ""
    tab = await set_up(portal, token)
    assert tab.status == 303
    await portal.clock.move(seconds=60)
    secret = await portal.runner.db.fetchval("select totp_secret from person where username = 'li'")
    await tab.get("/portal/sign-in")
    code = code_at(base64.b32decode(secret), step_of(portal.clock.now()))
    await tab.post("/portal/sign-in", {"username": "li", "password": CHOSEN, "code": code})
    assert tab.location == "/portal/"
    again = portal.tab()
    await again.get(f"/portal/setup?token={token}")
    assert again.status == 404
    kept = str(await portal.runner.db.fetch("select * from account_setup"))
    kept += str(await portal.runner.db.fetch("select * from audit_entry"))
    assert token not in kept
    assert CHOSEN not in kept


async def test_nobody_agrees_to_his_own_order(portal: Portal, officers: tuple[Tab, Tab]) -> None:
    """The officer who asked cannot agree; a second order for the name waits for the first; what was refused is over."""
    first, second = officers
    await first.get("/portal/account-orders/new")
    await first.post("/portal/account-orders/new", NEW)
    number = await portal.runner.db.fetchval("select id from account_order")
    await first.get("/portal/account-orders")
    assert 'value="agree"' not in first.text
    await first.post(f"/portal/account-orders/{number}", {"move": "agree"})
    assert first.status == 403
    await first.get("/portal/account-orders/new")
    await first.post("/portal/account-orders/new", NEW)
    assert first.status == 409
    await second.get("/portal/account-orders")
    await second.post(f"/portal/account-orders/{number}", {"move": "refuse"})
    await second.get("/portal/account-orders")
    await second.post(f"/portal/account-orders/{number}", {"move": "agree"})
    assert second.status == 409
    assert await portal.runner.db.fetchval("select count(*) from person where username = 'li'") == 0


async def test_a_lost_telephone_is_restored_by_two(portal: Portal, officers: tuple[Tab, Tab]) -> None:
    """With the agreement the old password, the old codes and every running session are void, until the owner has set it up anew."""
    first, second = officers
    owner = await portal.as_("agency")
    await first.get("/portal/accounts/agency")
    await first.post("/portal/accounts/agency/restoring", {"reason": "手机遗失，本人到场"})
    assert first.status == 303
    await owner.get("/portal/")
    assert owner.status == 200
    token = await agreed(second)
    await owner.get("/portal/")
    assert owner.status == 303
    tab = portal.tab()
    await tab.get("/portal/sign-in")
    code = code_at(base64.b32decode(SECRET), step_of(portal.clock.now()))
    await tab.post("/portal/sign-in", {"username": "agency", "password": PASSWORD, "code": code})
    assert tab.status == 401 or "不正确" in tab.text
    assert (await set_up(portal, token)).status == 303


async def test_a_letter_grows_old(portal: Portal, officers: tuple[Tab, Tab]) -> None:
    """After three days the letter is worth nothing; so is one that a later letter replaced."""
    first, second = officers
    token = await ordered(first, second, NEW)
    await first.get("/portal/accounts/li")
    await first.post("/portal/accounts/li/restoring", {"reason": "链接遗失"})
    later = await agreed(second)
    tab = portal.tab()
    await tab.get(f"/portal/setup?token={token}")
    assert tab.status == 404
    await portal.clock.move(days=4)
    await tab.get(f"/portal/setup?token={later}")
    assert tab.status == 404


async def test_a_weak_or_mistyped_setup_changes_nothing(portal: Portal, officers: tuple[Tab, Tab]) -> None:
    """A short password, two that differ, or a wrong code are told beside the form, and the letter stays good."""
    token = await ordered(*officers, NEW)
    tab = portal.tab()
    for fields in (
        {"password": "short", "again": "short", "code": "000000"},
        {"password": CHOSEN, "again": CHOSEN + "x", "code": "000000"},
        {"password": CHOSEN, "again": CHOSEN, "code": "12345"},
    ):
        await tab.get(f"/portal/setup?token={token}")
        await tab.post("/portal/setup", {"token": token, **fields})
        assert tab.status in {400, 401, 403, 422}, tab.status
        assert 'role="alert"' in tab.text
        assert CHOSEN not in tab.text
    assert (await set_up(portal, token)).status == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "reviewer-county", "region": "43"},
        {"role": "reviewer-city", "region": "000000"},
        {"role": "agency", "uscc": "12100000400000624X"},
        {"role": "registrar", "registrar": ""},
        {"role": "emperor"},
        {"username": "李"},
        {"name": ""},
        {"reason": " "},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(
    portal: Portal, officers: tuple[Tab, Tab], wrong: dict[str, str]
) -> None:
    """A role without its region, body or registrar, a name that nobody can type, an order without a reason: not even asked for."""
    first, _ = officers
    await first.get("/portal/account-orders/new")
    await first.post("/portal/account-orders/new", {**NEW, **wrong})
    assert first.status in {400, 422}
    assert await portal.runner.db.fetchval("select count(*) from account_order") == 0


async def test_a_password_changes_with_the_old_one_and_a_code(portal: Portal) -> None:
    """Both are asked for; the other sessions of the person end, this one goes on."""
    here, there = await portal.as_("agency"), None
    await portal.clock.move(seconds=60)
    there = await portal.as_("agency")
    await portal.clock.move(seconds=60)
    code = code_at(base64.b32decode(SECRET), step_of(portal.clock.now()))
    fields = {"password": CHOSEN, "again": CHOSEN, "code": code}
    await here.get("/portal/password")
    await here.post("/portal/password", {**fields, "old": "wrong"})
    assert 'role="alert"' in here.text
    await here.get("/portal/password")
    await here.post("/portal/password", {**fields, "old": PASSWORD})
    assert here.location == "/portal/password?changed=1"
    await here.get("/portal/password?changed=1")
    assert here.status == 200
    await there.get("/portal/")
    assert there.status == 303
