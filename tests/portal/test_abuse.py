"""What an attacker would try: forged forms, foreign ids, markup in every text, too much of everything."""

import io
import re

import pytest

from registry.portal.rights import RIGHTS, Scope
from tests.portal.world import PASSWORD, Portal, Tab, filed, filled

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}\u202egnp"


def assert_harmless(tab: Tab) -> None:
    """No markup of the visitor's came through as markup."""
    assert "<script>alert" not in tab.text
    assert "<img src=x" not in tab.text
    assert "\"'>" not in tab.text
    assert "\u202e" not in tab.text
    assert not re.search(r"<script(?![^>]+src=)|<style|\sstyle=|\son[a-z]+=\"", tab.text)


async def test_a_form_without_the_pages_token_does_nothing(portal: Portal) -> None:
    """No token, another's token, a token of another session: every form of the portal refuses; so does one from another site."""
    application = await filed(portal.runner, "county")
    foreign = (await (await portal.as_("auditor")).get("/portal/audit")).csrf
    users = {"/portal/apply": "agency", "/portal/audit/proof": "auditor"}
    for right in RIGHTS:
        if right.method != "POST" or right.scope is Scope.VISITOR:
            continue
        who = users.get(right.path) or ("security-officer" if "accounts" in right.path else "reviewer-county")
        who = "agency-county" if "withdrawal" in right.path else who
        tab = await portal.as_(who)
        await tab.get("/portal/")
        if tab.status == 303:
            await tab.get(tab.location)
        own = tab.csrf
        path = filled(right.path, application)
        fields = {"move": "approve", "reason": "x", "name": "清华大学.公益", "step": "file"}
        for token in ("", "x", foreign if who != "auditor" else "x", own + "x"):
            await tab.post(path, fields, csrf=token)
            assert tab.status == 403, (right, token)
        await tab.post(path, fields, csrf=own, Sec_Fetch_Site="cross-site")
        assert tab.status == 403, right
    assert await portal.runner.db.fetchval("select stage from application") == "submitted"
    assert await portal.runner.db.fetchval("select count(*) from domain") == 0
    assert await portal.runner.db.fetchval("select count(*) from person where disabled_at is not null") == 0


async def test_nobody_is_signed_in_by_another_site(portal: Portal) -> None:
    """A sign-in form needs the pass of a page that this browser fetched (login CSRF)."""
    fields = {"username": "agency", "password": PASSWORD, "code": portal.tab().code()}
    tab = portal.tab()
    assert (await tab.post("/portal/sign-in", fields, csrf="")).status == 403
    other = await portal.tab().get("/portal/sign-in")
    await tab.get("/portal/sign-in")
    assert (await tab.post("/portal/sign-in", fields, csrf=other.csrf)).status == 403
    assert await portal.runner.db.fetchval("select count(*) from portal_session") == 0


async def test_reading_changes_nothing(portal: Portal) -> None:
    """No address that is only fetched decides, withdraws, disables or signs out."""
    application = await filed(portal.runner, "county")
    readable = {(right.method, right.path) for right in RIGHTS}
    for who in ("reviewer-county", "agency-county", "security-officer"):
        tab = await portal.as_(who)
        for right in RIGHTS:
            if right.method == "POST" and ("GET", right.path) not in readable:
                path = filled(right.path, application)
                await tab.get(path + "?move=approve&reason=x")
                assert tab.status in {404, 405}, path
    assert await portal.runner.db.fetchval("select stage from application") == "submitted"


async def test_markup_in_any_text_stays_text(portal: Portal) -> None:
    """Note, reason, name, reason of disabling, filters and user name come back as they were typed, on every page that shows them."""
    application = await filed(portal.runner, "county", note=MARKUP)
    agency = await (await portal.as_("agency-county")).get("/portal/apply")
    await agency.post("/portal/apply", {"name": MARKUP, "note": MARKUP, "tld": MARKUP, "step": "check"})
    assert "&lt;script&gt;" in agency.text
    assert_harmless(agency)
    await agency.post("/portal/apply", {"name": MARKUP, "note": MARKUP, "tld": "公益", "step": "file"})
    assert_harmless(agency)
    reviewer = await (await portal.as_("reviewer-county")).get(f"/portal/applications/{application}")
    assert "&lt;script&gt;" in reviewer.text
    assert_harmless_but_order(reviewer)
    await reviewer.post(
        f"/portal/applications/{application}/decision", {"move": "refuse", "reason": MARKUP, "seen": MARKUP}
    )
    assert reviewer.status == 303, reviewer.text
    for who in ("reviewer-city", "agency-county", "operator", "auditor"):
        tab = await (await portal.as_(who)).get(f"/portal/applications/{application}")
        assert tab.status == 200
        assert_harmless_but_order(tab)
    officer = await (await portal.as_("security-officer")).get("/portal/accounts/agency-rival")
    await officer.post("/portal/accounts/agency-rival/disabling", {"reason": MARKUP})
    assert_harmless(await officer.get("/portal/accounts/agency-rival"))
    auditor = await (await portal.as_("auditor")).get("/portal/audit")
    assert_harmless_but_order(auditor)
    await auditor.get("/portal/audit?actor=" + MARKUP.replace("<", "%3C").replace('"', "%22"))
    assert_harmless_but_order(auditor)
    assert_harmless(await portal.tab().sign_in(MARKUP))


def assert_harmless_but_order(tab: Tab) -> None:
    """As above; a text that did not come through a form of the portal may still turn the order of characters."""
    tab.text = tab.text.replace("\u202e", "")
    assert_harmless(tab)


async def test_fields_that_no_form_has_are_ignored(portal: Portal) -> None:
    """Nobody applies for another body, as another person or past the reviewers by sending more fields (mass assignment)."""
    tab = await (await portal.as_("agency-county")).get("/portal/apply")
    extra = {
        "uscc": "12100000400000624D",
        "registrar": "registrar-b",
        "stage": "approved",
        "applied_by": "person:x",
        "by": "x",
    }
    await tab.post("/portal/apply", {"name": "长沙县文化.公益", "step": "file", **extra})
    row = await portal.runner.db.fetchrow(
        "select stage, applied_by, registrar_id, uscc <> $1 as own from application", extra["uscc"]
    )
    assert row
    assert tuple(row) == ("submitted", "person:agency-county", "registrar-a", True)


@pytest.mark.parametrize("path", ["/portal/apply", "/portal/sign-in"])
async def test_strange_bodies_are_no_faults(portal: Portal, path: str) -> None:
    """Files, JSON, broken encodings, far too much: a clear no, never a fault of ours."""
    tab = await (await portal.as_("agency")).get("/portal/apply")
    headers = {
        "User-Agent": tab.agent,
        "Cookie": "; ".join(f"{k}={v}" for k, v in tab.cookies.items()),
        "Accept": "text/html",
    }
    form = "application/x-www-form-urlencoded"
    for body, kind in (
        (b"{}", "application/json"),
        (b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
        (b"csrf=%FF%FE&name=%00&x", form),
        (b"csrf=x", form + "; charset=no-such-charset"),
        (b"csrf=x", form + "; charset=utf-7"),
        (b"&" * 70_000, form),
        (b"", form),
        (io.BytesIO(b"name=" + b"x" * 2_000_000), form),
    ):
        async with portal.client.post(
            path, data=body, headers={**headers, "Content-Type": kind}, allow_redirects=False
        ) as answer:
            assert 400 <= answer.status < 500, (kind, answer.status)


async def test_strange_tokens_open_nothing(portal: Portal) -> None:
    """Long, empty, foreign and binary cookies are nobody's session."""
    for value in ("", "x" * 5000, "é", "'; drop table person; --", "../../etc", "0" * 43):
        async with portal.client.get(
            "/portal/", headers={"Cookie": f"zhengming-session={value}"}, allow_redirects=False
        ) as answer:
            assert answer.status == 303


async def test_strange_addresses_are_not_found(portal: Portal) -> None:
    """Whatever stands where an id should: not found, and no database error."""
    tab = await portal.as_("reviewer-central")
    for strange in ("x", "%00", "'%20or%201=1--", "..%2f..%2f", "A" * 3000, "a.b", "%F0%9F%98%80", "%ED%A0%80"):
        assert (await tab.get(f"/portal/applications/{strange}")).status == 404, strange
    officer = await portal.as_("security-officer")
    for strange in ("%00", "'or'1", "A" * 3000, "%ED%A0%80"):
        assert (await officer.get(f"/portal/accounts/{strange}")).status == 404, strange


async def test_every_page_is_kept_from_caches_and_frames(portal: Portal) -> None:
    """No page of a person may be kept or framed, and nothing inline runs on any."""
    application = await filed(portal.runner, "county")
    for who, path in (
        ("agency-county", "/portal/"),
        ("agency-county", "/portal/apply"),
        ("reviewer-county", "/portal/queue"),
        ("reviewer-county", f"/portal/applications/{application}"),
        ("operator", "/portal/"),
        ("security-officer", "/portal/accounts"),
        ("auditor", "/portal/audit"),
    ):
        tab = await (await portal.as_(who)).get(path)
        assert tab.status == 200
        assert tab.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in tab.headers["Content-Security-Policy"]
        assert "unsafe" not in tab.headers["Content-Security-Policy"]
        assert len(tab.text.encode()) < 100_000
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", tab.text)
