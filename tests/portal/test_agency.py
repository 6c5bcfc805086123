"""The agency's side: the desk, asking, applying, withdrawing."""

import json

import pytest

from registry.flows.act import Caller
from registry.flows.registration.register_name import Registered
from registry.flows.review.file_name import FileName, file_name
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.application import MAX_NOTE, MAX_WAITING
from registry.model.person import Person, Role
from tests.portal.world import BY_NAME, COUNTY, TSINGHUA, Portal, code_of, filed


async def test_the_desk_shows_the_body_as_the_register_has_it(portal: Portal) -> None:
    """Name, code, kind, level and region come from the establishment database; what is empty says what to do."""
    tab = await (await portal.as_("agency-county")).get("/portal/")
    for words in (
        "长沙县文化馆",
        "事业单位",
        "县级",
        "湖南省长沙市长沙县",
        "还没有名称",
        "/portal/apply",
        "/names/check?uscc=",
    ):
        assert words in tab.text, words


async def test_the_full_name_is_registered_at_once(portal: Portal) -> None:
    """A name that passes is created through the registrar of the portal; the journal names the person, the desk shows it."""
    tab = await (await portal.as_("agency-county")).get("/portal/apply")
    assert "长沙县文化馆" in tab.text
    await tab.post("/portal/apply", {"name": "长沙县文化馆", "tld": "公益", "step": "file"})
    assert tab.status == 303
    assert tab.location.startswith("/portal/?granted=xn--")
    row = await portal.runner.db.fetchrow("select uscc, registrar_id, u_label, tld from domain")
    assert row
    assert tuple(row) == (code_of(COUNTY), "registrar-a", "长沙县文化馆", "xn--55qw42g")
    await tab.get(tab.location)
    assert "长沙县文化馆.公益 已注册" in tab.text
    applied = await portal.entries("name.applied")
    assert [one["actor"] for one in applied] == ["person:agency-county"]
    assert (await tab.get("/portal/?granted=xn--nobody")).status == 200
    assert "已注册" not in tab.text


async def test_asking_first_changes_nothing(portal: Portal) -> None:
    """``先看结论`` tells what the name would get, and why; nothing waits and nothing is registered."""
    tab = await (await portal.as_("agency-county")).get("/portal/apply")
    for name, words in (
        ("长沙县文化馆。公益", "可以直接注册"),
        ("长沙县文化", "须由审核员决定"),
        ("北京大学", "不能通过"),
    ):
        await tab.post("/portal/apply", {"name": name, "tld": "公益", "step": "check"})
        assert tab.status == 200
        assert words in tab.text
    assert (
        await portal.runner.db.fetchval("select (select count(*) from domain) + (select count(*) from application)")
        == 0
    )


async def test_a_name_that_must_be_weighed_becomes_an_application(portal: Portal) -> None:
    """It waits before the reviewers of the body's region with the person and his note; the agency sees where it stands."""
    tab = await (await portal.as_("agency-county")).get("/portal/apply")
    await tab.post(
        "/portal/apply", {"name": "长沙县文化.公益", "tld": "政务", "note": "通用简称\r\n第二行", "step": "file"}
    )
    assert tab.status == 303
    row = await portal.runner.db.fetchrow("select id, region, uscc, applied_by, note, stage, kind from application")
    assert row
    assert tuple(row)[1:] == (
        "430121",
        code_of(COUNTY),
        "person:agency-county",
        "通用简称\n第二行",
        "submitted",
        "domain",
    )
    assert tab.location == f"/portal/applications/{row['id']}"
    await tab.get(tab.location)
    assert "待审核" in tab.text
    assert "NAME.COMMON" in tab.text
    assert "名录库记载" not in tab.text
    await tab.get("/portal/")
    assert row["id"] in tab.text
    filed_by = await portal.entries("application.filed")
    assert [one["actor"] for one in filed_by] == ["person:agency-county"]


async def test_a_refused_name_says_why_and_what_would_pass(portal: Portal) -> None:
    """Nothing is filed; the findings stand beside the form with what was typed, and suggestions fill it in."""
    tab = await (await portal.as_("agency")).get("/portal/apply")
    await tab.post("/portal/apply", {"name": "北京大学", "tld": "公益", "note": "试", "step": "file"})
    assert tab.status == 422
    assert "没有提交" in tab.text
    assert 'value="北京大学"' in tab.text
    assert await portal.runner.db.fetchval("select count(*) from application") == 0
    await tab.get("/portal/apply?name=清华大学.公益")
    assert 'value="清华大学"' in tab.text


async def test_the_same_name_does_not_wait_twice(portal: Portal) -> None:
    """A second application of the body for the same name names the first and is not made."""
    first = await filed(portal.runner, "county")
    tab = await (await portal.as_("agency-county")).get("/portal/apply")
    await tab.post("/portal/apply", {"name": "长沙县文化", "tld": "公益", "step": "file"})
    assert tab.status == 409
    assert first in tab.text
    assert await portal.runner.db.fetchval("select count(*) from application") == 1


async def test_without_a_registrar_the_page_says_so(portal: Portal) -> None:
    """When the registrar that the configuration names is not there or not active, the agency is told whom to ask."""
    await portal.runner.db.execute("update registrar set status = 'suspended'")
    tab = await (await portal.as_("agency")).get("/portal/apply")
    await tab.post("/portal/apply", {"name": "清华大学", "tld": "公益", "step": "file"})
    assert tab.status == 503
    assert "portal.registrar" in tab.text
    operator = await (await portal.as_("operator")).get("/portal/")
    assert "没有可用的注册服务机构" in operator.text


async def test_withdrawing_frees_the_name(portal: Portal) -> None:
    """The registrar is told by poll, the stage is final, and a settled application is not withdrawn."""
    application = await filed(portal.runner, "county")
    tab = await (await portal.as_("agency-county")).get(f"/portal/applications/{application}")
    await tab.post(f"/portal/applications/{application}/withdrawal")
    assert tab.status == 303
    await tab.get(tab.location)
    assert "已撤回" in tab.text
    told = await portal.runner.db.fetchrow("select kind, payload from poll_message")
    assert told
    assert (told["kind"], told["payload"]["is_approved"]) == ("domain.pan", False)
    await tab.post(f"/portal/applications/{application}/withdrawal", csrf=(await tab.get("/portal/")).csrf)
    assert tab.status == 409
    assert await filed(portal.runner, "agency-rival", "长沙县文化.公益")


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (FileName("  "), Reason.VALUE_INVALID),
        (FileName("长" * 254), Reason.VALUE_INVALID),
        (FileName("长沙县文化.公益", "字" * (MAX_NOTE + 1)), Reason.TOO_LARGE),
    ],
)
async def test_limits_are_kept(country: Runner, order: FileName, reason: Reason) -> None:
    """No name, a name that is none for its length, a note that is too long."""
    person = BY_NAME["agency-county"]
    with pytest.raises(Refusal) as caught:
        await country.run(Caller("person", person.username), lambda act: file_name(act, person, order))
    assert caught.value.reason is reason


async def test_only_an_agency_with_a_body_applies(portal: Portal) -> None:
    """An account that belongs to no body is told so; the desk too; so many applications wait and no more."""
    nobody = Person("agency", Role.AGENCY)
    with pytest.raises(Refusal, match="not_permitted"):
        await portal.runner.run(Caller("person", "agency"), lambda act: file_name(act, nobody, FileName("清华.公益")))
    await portal.runner.db.execute("update person set uscc = '' where username = 'agency'")
    tab = await (await portal.as_("agency")).get("/portal/")
    assert "没有绑定单位" in tab.text
    assert (await tab.get("/portal/apply")).status == 403
    await portal.runner.db.execute(
        "insert into application (id, kind, state, name, tld, uscc, region, request, created_at) "
        "select 'N' || n, 'verification', 'submitted', 'x', '', $1, '430121', '{}', now() from generate_series(1, $2::int) n",
        code_of(COUNTY), MAX_WAITING,
    )  # fmt: skip
    with pytest.raises(Refusal, match="policy_forbids"):
        await filed(portal.runner, "county")


async def test_portal_and_registrar_get_the_same(country: Runner) -> None:
    """The portal's order is a registrar's order: same decision, same domain, same history as over REST."""
    person = BY_NAME["agency"]
    outcome = await country.run(
        Caller("person", "agency"), lambda act: file_name(act, person, FileName("清华大学.公益"))
    )
    assert isinstance(outcome, Registered)
    row = await country.db.fetchrow("select actor, snapshot from history where act = 'domain.created'")
    assert row
    assert row["actor"] == "registrar:registrar-a"
    assert row["snapshot"]["uscc"] == TSINGHUA
    trids = await country.db.fetch(
        "select act, trid, detail from audit_entry where act in ('domain.created', 'name.applied') order by id"
    )
    assert len({one["trid"] for one in trids}) == 1
    assert json.loads(trids[-1]["detail"])["uscc"] == TSINGHUA
