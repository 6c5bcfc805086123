"""Signing in, staying in, being out: passwords, codes, sessions, guesses."""

import asyncio
import json
import re
from urllib.parse import quote

import pytest

from registry.flows.session import lifetimes
from registry.flows.session.proof import digest
from registry.model.person import Role
from tests.portal.world import PASSWORD, Portal, serving


async def test_password_and_code_open_a_session(portal: Portal) -> None:
    """The right pair leads on to the page that was asked for; the cookie is for this site, these pages and no script."""
    tab = await portal.tab().get("/portal/queue?view=first")
    assert (tab.status, tab.location) == (303, "/portal/sign-in?next=%2Fportal%2Fqueue%3Fview%3Dfirst")
    await tab.get(tab.location)
    await tab.post(
        "/portal/sign-in",
        {"username": "reviewer-county", "password": PASSWORD, "code": tab.code(), "next": "/portal/queue?view=first"},
    )
    assert (tab.status, tab.location) == (303, "/portal/queue?view=first")
    cookies = tab.headers.getall("Set-Cookie")  # type: ignore[attr-defined]
    session = next(cookie for cookie in cookies if cookie.startswith("zhengming-session="))
    assert {part.strip().split("=")[0] for part in session.split(";")[1:]} == {"HttpOnly", "Path", "SameSite"}
    assert "Path=/portal" in session
    assert "SameSite=Strict" in session
    assert (await tab.get(tab.location)).status == 200
    assert tab.headers["Cache-Control"] == "no-store"
    assert "县级审核员" in tab.text
    began = await portal.entries("session.began")
    assert [(one["actor"], one["subject"]) for one in began] == [("person:reviewer-county", "reviewer-county")]


async def test_with_https_the_cookies_are_for_tls_alone(portal: Portal) -> None:
    """Where the public address has TLS the browser itself enforces it by the prefix of the name."""
    async with serving(portal.runner, portal.clock, "https://nic.example") as secured:
        tab = await secured.tab().get("/portal/sign-in")
        cookie = tab.headers["Set-Cookie"]
        assert cookie.startswith("__Secure-zhengming-entry=")
        assert "Secure" in cookie
        assert "max-age=" in tab.headers["Strict-Transport-Security"]


async def test_the_token_is_kept_as_a_hash(portal: Portal) -> None:
    """Whoever reads the table has no session."""
    tab = await portal.as_("auditor")
    token = tab.cookies["zhengming-session"]
    rows = await portal.runner.db.fetch("select * from portal_session")
    assert [row["token_hash"] for row in rows] == [digest(token)]
    assert token not in str([dict(row) for row in rows])


WRONG: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"password": "wrong password"}, "password", "agency"),
    ({"code": "000000"}, "code", "agency"),
    ({"code": ""}, "code", "agency"),
    ({"username": "nobody"}, "account", "unknown"),
    ({"username": "correct horse battery"}, "account", "unknown"),
    ({"username": "agency\u2603"}, "account", "unknown"),
    ({"username": "x" * 5000}, "account", "unknown"),
)


async def test_whatever_is_wrong_the_answer_is_one(portal: Portal) -> None:
    """A visitor does not learn what was wrong; an auditor does, and what was typed as a name is not kept: it may be a password."""
    for fields, _, _ in WRONG:
        tab = portal.tab()
        await tab.sign_in(**{"username": "agency", "password": PASSWORD, "code": tab.code()} | fields)
        assert tab.status == 401
        assert "用户名、口令或动态码不正确" in tab.text
        assert "zhengming-session" not in tab.cookies
    refused = await portal.entries("session.refused")
    assert {one["actor"] for one in refused} == {"visitor:portal"}
    assert [(json.loads(one["detail"])["wrong"], one["subject"]) for one in refused] == [one[1:] for one in WRONG]


async def test_a_code_works_once(portal: Portal) -> None:
    """Neither the same code nor an older one of the same minute opens a second session, even when both come at once."""
    code = portal.tab().code()
    tabs = [portal.tab() for _ in range(4)]
    for tab in tabs:
        await tab.get("/portal/sign-in")
    fields = {"username": "agency", "password": PASSWORD, "code": code}
    await asyncio.gather(*(tab.post("/portal/sign-in", fields) for tab in tabs))
    assert sorted(tab.status for tab in tabs) == [303, 401, 401, 401]
    late = await portal.tab().sign_in("agency", code=portal.tab().code(-1))
    assert late.status == 401
    refused = await portal.entries("session.refused")
    assert {json.loads(one["detail"])["wrong"] for one in refused} == {"code used before"}
    await portal.clock.move(seconds=31)
    assert (await portal.tab().sign_in("agency", code=portal.tab().code())).status == 303


@pytest.mark.parametrize(("username", "idle"), [("reviewer-city", 15), ("auditor", 15), ("agency", 60)])
async def test_an_idle_session_ends(portal: Portal, username: str, idle: int) -> None:
    """A quarter of an hour for those who decide, run, guard or read; an hour for agencies; each page begins it anew."""
    assert lifetimes.idle_of(Role("agency")).total_seconds() == 3600
    tab = await portal.as_(username)
    for _ in range(3):
        await portal.clock.move(minutes=idle - 1)
        assert (await tab.get("/portal/")).status == 200 or tab.location != "/portal/sign-in?next=%2Fportal%2F"
    await portal.clock.move(minutes=idle, seconds=1)
    assert (await tab.get("/portal/")).location.startswith("/portal/sign-in")
    assert await portal.runner.db.fetchval("select count(*) from portal_session") == 0
    assert json.loads((await portal.entries("session.ended"))[-1]["detail"]) == {"why": "time"}


async def test_no_session_outlives_a_working_day(portal: Portal) -> None:
    """After twelve hours the second factor is asked for again, however busy the session was."""
    tab = await portal.as_("agency")
    for _ in range(12):
        await portal.clock.move(minutes=59)
        assert (await tab.get("/portal/")).status == 200
    await portal.clock.move(minutes=13)
    assert (await tab.get("/portal/")).status == 303


async def test_signing_in_makes_a_new_token(portal: Portal) -> None:
    """A token that was planted beforehand opens nothing, and the one before is dead once the person signs in again."""
    tab = portal.tab()
    tab.cookies["zhengming-session"] = "planted-by-somebody"
    await tab.sign_in("agency")
    first = tab.cookies["zhengming-session"]
    assert first != "planted-by-somebody"
    planted = portal.tab()
    planted.cookies["zhengming-session"] = "planted-by-somebody"
    assert (await planted.get("/portal/")).status == 303
    again = portal.tab()
    again.cookies = dict(tab.cookies)
    assert (await again.get("/portal/sign-in")).location == "/portal/"
    token = again.cookies.pop("zhengming-session")
    await again.get("/portal/sign-in")
    again.cookies["zhengming-session"] = token
    await portal.clock.move(seconds=31)
    await again.post("/portal/sign-in", {"username": "agency", "password": PASSWORD, "code": again.code()})
    assert again.cookies["zhengming-session"] != first
    assert (await tab.get("/portal/")).status == 303


async def test_a_session_belongs_to_the_browser_that_began_it(portal: Portal) -> None:
    """A token that turns up in another browser ends the session, and the journal says so."""
    tab = await portal.as_("reviewer-central")
    thief = portal.tab("curl/8")
    thief.cookies = dict(tab.cookies)
    assert (await thief.get("/portal/queue")).status == 303
    assert (await tab.get("/portal/queue")).status == 303
    assert json.loads((await portal.entries("session.ended"))[0]["detail"]) == {"why": "another browser"}


async def test_signing_out_ends_it(portal: Portal) -> None:
    """The cookie is taken back and the token is worth nothing, also to who copied it."""
    tab = await portal.as_("agency")
    copied = portal.tab()
    copied.cookies = dict(tab.cookies)
    await tab.get("/portal/")
    await tab.post("/portal/sign-out")
    assert tab.status == 303
    assert "zhengming-session" not in tab.cookies
    assert "您已安全退出" in (await tab.get(tab.location)).text
    assert (await copied.get("/portal/")).status == 303
    assert [one["actor"] for one in await portal.entries("session.ended")] == ["person:agency"]


async def test_guessing_becomes_slow(portal: Portal) -> None:
    """After four failures each attempt from a place waits twice as long as the one before; the wait is told and kept."""
    tab = portal.tab()
    waits = []
    for _ in range(8):
        for attempt in range(2):
            await tab.sign_in("agency", "a wrong password")
            if tab.status == 401:
                break
            assert (tab.status, attempt) == (429, 0)
            seconds = int(tab.headers["Retry-After"])
            waits.append(seconds)
            await portal.clock.move(seconds=seconds)
    assert waits == [2, 3, 5]
    await tab.sign_in("agency")
    assert tab.status == 429
    assert "尝试过于频繁" in tab.text
    assert len(await portal.entries("session.refused")) == 8  # what was not heard is not written down


async def test_a_storm_of_guesses_is_not_quicker(portal: Portal) -> None:
    """Guesses that come at the same moment are counted before they are made: no more than the free ones are heard."""
    tabs = [portal.tab() for _ in range(20)]
    for tab in tabs:
        await tab.get("/portal/sign-in")
    fields = {"username": "agency", "password": "a wrong password", "code": "123456"}
    await asyncio.gather(*(tab.post("/portal/sign-in", fields) for tab in tabs))
    heard = sum(tab.status == 401 for tab in tabs)
    assert heard == lifetimes.FREE_GUESSES + 1
    assert sum(tab.status == 429 for tab in tabs) == 20 - heard


async def test_strangers_cannot_lock_the_owner_out(portal: Portal) -> None:
    """Whatever is guessed from the very network of the owner, the device that he has used before signs in at once."""
    owner = await portal.as_("agency")
    await owner.get("/portal/")
    await owner.post("/portal/sign-out")
    stranger = portal.tab()
    for _ in range(12):
        await stranger.sign_in("agency", "a wrong password")
    assert stranger.status == 429
    await owner.sign_in("agency")
    assert owner.status == 303
    stranger.cookies["zhengming-device"] = "not-a-device"
    assert (await stranger.sign_in("agency")).status == 429


async def test_a_known_device_is_one_persons_and_slowed_as_well(portal: Portal) -> None:
    """The device of one person gives no free guesses against another, and its own guesses are slowed like all others."""
    tab = await portal.as_("agency")
    device = tab.cookies["zhengming-device"]
    other = portal.tab()
    other.cookies["zhengming-device"] = device
    for _ in range(6):
        await other.sign_in("operator", "a wrong password")
    assert other.status == 429
    for _ in range(6):
        await other.sign_in("agency", "a wrong password")
    assert other.status == 429


async def test_a_disabled_account_is_out_at_once(portal: Portal) -> None:
    """Its sessions end with it and nobody signs in with it, whatever he knows."""
    tab = await portal.as_("agency")
    await portal.runner.db.execute("update person set disabled_at = now() where username = 'agency'")
    assert (await tab.get("/portal/")).status == 303
    assert (await portal.tab().sign_in("agency")).status == 401


ELSEWHERE = (
    "//evil.example/", "https://evil.example/", "/portal/../logout", "/portal//evil.example", "\\\\evil", "/lookup",
    "/portal/x\r\nSet-Cookie: a=b", "javascript:alert(1)", "/portal/sign-in?next=/portal/sign-in", "/portal/@evil.example",
)  # fmt: skip


async def test_the_way_back_leads_nowhere_else(portal: Portal) -> None:
    """Only a page of the portal is gone back to, and no header is made out of it."""
    for where in ELSEWHERE:
        tab = await portal.tab().sign_in("agency", next=where)
        assert (tab.status, tab.location) == (303, "/portal/"), where
        page = await portal.tab().get("/portal/sign-in?next=" + quote(where))
        assert re.findall(r'name="next" value="([^"]*)"', page.text) == ["/portal/"], where
