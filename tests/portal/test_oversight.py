"""Operators, security officers, auditors: three people, three powers."""

import json

from registry.audit.sequencer import seal_once
from tests.portal.world import Portal, filed


async def test_an_operator_sees_applications_registrars_and_imports(portal: Portal) -> None:
    """The overview is real: the application that waits, the registrar of the portal, the import of this country."""
    application = await filed(portal.runner, "county")
    tab = await (await portal.as_("operator")).get("/portal/")
    for words in (application, "长沙县文化馆", "registrar-a", "注册服务机构甲", "bodies.csv", "已应用", "办理窗口"):
        assert words in tab.text, words
    await tab.get(f"/portal/applications/{application}")
    assert tab.status == 200
    assert 'name="move"' not in tab.text


async def test_an_officer_disables_an_account_with_a_reason(portal: Portal) -> None:
    """Sessions end at once, the reason stands on the account and in the journal; without one nothing happens."""
    victim = await portal.as_("agency")
    tab = await (await portal.as_("security-officer")).get("/portal/accounts")
    assert "reviewer-central" in tab.text
    await tab.get("/portal/accounts/agency")
    await tab.post("/portal/accounts/agency/disabling", {"reason": " "})
    assert tab.status == 400
    assert (await victim.get("/portal/")).status == 200
    await tab.post("/portal/accounts/agency/disabling", {"reason": "经办人调离"})
    assert (tab.status, tab.location) == (303, "/portal/accounts/agency")
    assert (await victim.get("/portal/")).status == 303
    await tab.get(tab.location)
    assert "已停用" in tab.text
    assert "经办人调离" in tab.text
    disabled = await portal.entries("person.disabled")
    assert [(one["actor"], one["subject"]) for one in disabled] == [("person:security-officer", "agency")]
    assert json.loads(disabled[0]["detail"])["reason"] == "经办人调离"
    await tab.post(
        "/portal/accounts/agency/disabling", {"reason": "再一次"}, csrf=(await tab.get("/portal/accounts")).csrf
    )
    assert tab.status == 409


async def test_an_officer_cannot_disable_himself_or_the_last_one(portal: Portal) -> None:
    """Somebody who can disable accounts is always left."""
    tab = await (await portal.as_("security-officer")).get("/portal/accounts")
    token = tab.csrf
    await tab.post("/portal/accounts/security-officer/disabling", {"reason": "x"}, csrf=token)
    assert tab.status == 403
    await portal.runner.db.execute("update person set role = 'security-officer' where username = 'operator'")
    await tab.post("/portal/accounts/operator/disabling", {"reason": "x"}, csrf=token)
    assert tab.status == 303
    await portal.runner.db.execute("update person set role = 'auditor' where username = 'security-officer'")
    await portal.runner.db.execute(
        "update person set role = 'security-officer', disabled_at = null, disabled_by = '' where username = 'operator'"
    )
    officer = await (await portal.as_("operator")).get("/portal/accounts")
    await officer.post("/portal/accounts/operator/disabling", {"reason": "x"})
    assert officer.status == 403
    assert (await officer.get("/portal/accounts/nobody")).status == 404


async def test_an_auditor_finds_entries_and_sees_the_chain_hold(portal: Portal) -> None:
    """Filters by actor, act, object, transaction and day; a page at a time; the end of the chain is checked at each look."""
    for _ in range(60):
        await portal.tab().get("/portal/")
    await filed(portal.runner, "county")
    tab = await portal.as_("auditor")
    await seal_once(portal.runner.db)
    await tab.get("/portal/audit?actor=person:agency-county")
    assert "application.filed" in tab.text
    assert "session.began" not in tab.text
    assert "完好" in tab.text
    await tab.get("/portal/audit?act=session.*")
    assert "session.began" in tab.text
    assert "application.filed" not in tab.text
    await tab.get("/portal/audit?act=session.%25")
    assert "没有符合条件的条目" in tab.text
    await tab.get("/portal/audit?since=2020-01-01&until=2020-02-01")
    assert "没有符合条件的条目" in tab.text
    for strange in ("since=x", "until=2020-13-01"):
        assert (await tab.get(f"/portal/audit?{strange}")).status == 422
    for strange in (
        "before=x",
        "before=-1",
        "before=99999999999999999999",
        "until=9999-12-31",
        "since=0001-01-01",
        "actor=" + "x" * 900,
    ):
        assert (await tab.get(f"/portal/audit?{strange}")).status == 200, strange
    assert (await tab.get("/portal/audit?actor=%00")).status == 200


async def test_pages_of_the_journal_join(portal: Portal) -> None:
    """Every entry is on exactly one page."""
    await portal.runner.db.execute(
        "insert into audit_entry (at, actor, act, subject, trid, detail) "
        "select $1, 'job:test', 'test.made', n::text, 't', '{}' from generate_series(1, 120) n",
        portal.clock.now(),
    )
    tab = await portal.as_("auditor")
    path, seen = "/portal/audit?actor=job:test&act=test.*", 0
    for _ in range(5):
        await tab.get(path)
        seen += tab.text.count("test.made")
        following = [
            part.partition('"')[0] for part in tab.text.split('href="')[1:] if "before=" in part.partition('"')[0]
        ]
        if not following:
            break
        path = following[0].replace("&amp;", "&")
    assert seen == 120


async def test_a_broken_chain_is_seen(portal: Portal) -> None:
    """Whoever changes a sealed entry behind the program's back is found at the next look, and by the whole proof."""
    tab = await (await portal.as_("auditor")).get("/portal/audit")
    await seal_once(portal.runner.db)
    await tab.post("/portal/audit/proof")
    assert "全链校验完毕" in tab.text
    await portal.runner.db.execute("alter table audit_entry disable trigger user")
    await portal.runner.db.execute("update audit_entry set actor = 'person:somebody' where position = 1")
    await tab.get("/portal/audit")
    assert "断裂" in tab.text
    await tab.post("/portal/audit/proof")
    assert "审计链断裂" in tab.text
