"""Drafts of applications: they survive, they are shared within the body, and nobody writes over a colleague's change."""

from tests.portal.world import SECRET, TSINGHUA, Portal, cheap_hash

NAME = {"name": "清华", "tld": "公益", "note": "写到一半"}


async def test_a_draft_survives_the_session_and_ends_with_the_application(portal: Portal) -> None:
    """What was typed is there after signing in again, is filed from there, and then is no draft any more."""
    tab = await portal.as_("agency")
    await tab.get("/portal/apply")
    await tab.post("/portal/apply", {**NAME, "step": "save"})
    assert tab.location.startswith("/portal/apply?draft=")
    where = tab.location
    await portal.clock.move(days=3)
    tab = await portal.as_("agency")
    await tab.get("/portal/")
    assert where in tab.text
    await tab.get(where)
    assert "写到一半" in tab.text
    draft = where.rpartition("=")[2]
    await tab.post("/portal/apply", {**NAME, "draft": draft, "version": "1", "step": "file"})
    assert tab.location.startswith("/portal/applications/")
    assert await portal.runner.db.fetchval("select count(*) from application_draft") == 0


async def test_a_colleague_s_change_is_not_written_over(portal: Portal) -> None:
    """Who saves from an old page is told that a colleague was faster, keeps what he typed, and the colleague's words stay."""
    await portal.runner.db.execute(
        "insert into person (username, role, uscc, name, password_hash, totp_secret, created_at) "
        "values ('agency-2', 'agency', $1, '经办人乙', $2, $3, now())",
        TSINGHUA, cheap_hash(), SECRET,
    )  # fmt: skip
    tab = await portal.as_("agency")
    await tab.get("/portal/apply")
    await tab.post("/portal/apply", {**NAME, "step": "save"})
    draft = tab.location.rpartition("=")[2]
    other = await portal.as_("agency-2")
    await other.get(f"/portal/apply?draft={draft}")
    await other.post("/portal/apply", {**NAME, "note": "乙的话", "draft": draft, "version": "1", "step": "save"})
    await tab.get(f"/portal/apply?draft={draft}")
    await tab.post("/portal/apply", {**NAME, "note": "甲的话", "draft": draft, "version": "1", "step": "save"})
    assert tab.status == 409
    assert "甲的话" in tab.text
    assert await portal.runner.db.fetchval("select note from application_draft") == "乙的话"


async def test_drafts_are_the_body_s_own(portal: Portal) -> None:
    """Another body neither sees nor changes nor throws away a draft; the own body throws it away for good; half a draft is kept."""
    tab = await portal.as_("agency")
    await tab.get("/portal/apply")
    await tab.post("/portal/apply", {"name": "", "tld": "公益", "note": "", "step": "save"})
    draft = tab.location.rpartition("=")[2]
    foreign = await portal.as_("agency-county")
    await foreign.get("/portal/apply")
    await foreign.post("/portal/apply", {"draft": draft, "step": "drop"})
    await foreign.get(f"/portal/apply?draft={draft}")
    assert foreign.status == 404
    assert await portal.runner.db.fetchval("select count(*) from application_draft") == 1
    await tab.get(f"/portal/apply?draft={draft}")
    await tab.post("/portal/apply", {"draft": draft, "step": "drop"})
    assert await portal.runner.db.fetchval("select count(*) from application_draft") == 0
