"""Who may go where: every route, every role, at home and abroad, out of one table."""

import re

import pytest

from registry.kernel.errors import Fault
from registry.model.person import Role
from registry.portal.rights import RIGHTS, Scope, right_of
from registry.portal.routes import GUARDED, OPEN
from tests.portal.world import APPLICANTS, BY_NAME, OTHER, PEOPLE, Portal, Tab, filed, filled

# Said once more in another way than the code says it: which applications each person reaches.
REACHES = {
    "agency": {"central"},
    "agency-county": {"county"},
    "agency-city": {"city"},
    "agency-province": {"province"},
    "agency-abroad": {"abroad"},
    "agency-rival": set(),
    "reviewer-county": {"county"},
    "reviewer-county-2": {"county"},
    "reviewer-city": {"city", "county"},
    "reviewer-province": {"province", "city", "county"},
    "reviewer-central": {"central", "province", "city", "county", "abroad"},
    "abroad-county": {"abroad"},
    "abroad-city": {"abroad"},
    "abroad-province": {"abroad"},
    "operator": {"central", "province", "city", "county", "abroad"},
    "auditor": {"central", "province", "city", "county", "abroad"},
    "security-officer": set(),
    "registrar": set(),
}
ALLOWED = {200, 303, 400, 401, 409, 422}  # the last four: the form was read, and something was missing or out of place


async def everybody(portal: Portal) -> dict[str, Tab]:
    """A tab for each person, with the token of a page of his."""
    tabs = {}
    for person in PEOPLE:
        tab = await portal.as_(person.username)
        await tab.get("/portal/")
        if tab.status == 303:
            await tab.get(tab.location)
        assert tab.status == 200, (person.username, tab.text)
        tabs[person.username] = tab
    return tabs


def test_every_route_has_its_row(portal: Portal) -> None:
    """What the router serves below the portal and what the table allows is the same, and nothing is built without a row."""
    served = {
        ("GET" if route.method == "HEAD" else route.method, route.resource.canonical)
        for route in portal.app.router.routes()
        if route.resource and re.match(r"/portal(/|$)", route.resource.canonical)
    }
    assert served == {(right.method, right.path) for right in RIGHTS}
    assert len(served) == len(RIGHTS) == len(OPEN) + len(GUARDED)
    assert all(right.roles <= set(Role) and right.roles for right in RIGHTS)
    with pytest.raises(Fault):
        right_of("GET", "/portal/forgotten")
    for right in RIGHTS:
        assert (right.scope is Scope.APPLICATION) == ("{id}" in right.path)


async def test_nobody_passes_without_signing_in(portal: Portal) -> None:
    """Whatever is not open to visitors leads to the sign-in, a form as well as a page, and nothing is done."""
    application = await filed(portal.runner, "county")
    for right in RIGHTS:
        if right.scope is Scope.VISITOR:
            continue
        tab = portal.tab()
        path = filled(right.path, application)
        await (tab.get(path) if right.method == "GET" else tab.post(path, {"move": "approve", "reason": "x"}))
        assert tab.status == 303, right
        assert tab.location.startswith("/portal/sign-in"), right
    assert await portal.runner.db.fetchval("select stage from application") == "submitted"


async def test_every_role_on_every_route_at_home_and_abroad(portal: Portal) -> None:
    """Who has the role and the reach gets the page; who lacks the role is told so; what is out of reach does not exist."""
    applications = {whose: await filed(portal.runner, whose) for whose in APPLICANTS}
    tabs = await everybody(portal)
    tokens = {username: tab.csrf for username, tab in tabs.items()}
    wrong, seen = [], 0
    for right in RIGHTS:
        if right.path in {
            "/portal/sign-out",
            "/portal/sign-in",
            "/portal/setup",
            "/portal/responsible/{case}",
        } or right.path.endswith("/withdrawal"):
            continue
        for username, tab in tabs.items():
            for whose in applications if right.scope is Scope.APPLICATION else ("",):
                path = filled(right.path, applications.get(whose, ""))
                if right.method == "GET":
                    await tab.get(path)
                else:
                    await tab.post(path, {"step": "check"}, csrf=tokens[username])
                has_role = BY_NAME[username].role in right.roles
                if not has_role:
                    expected = {403}
                elif right.scope is Scope.APPLICATION and whose not in REACHES[username]:
                    expected = {404}
                else:
                    expected = {404, 400, 422} if OTHER.search(right.path) else ALLOWED
                wrong += [] if tab.status in expected else [f"{username} {right.method} {path} {whose}: {tab.status}"]
                seen += 1
    assert not wrong, "\n".join(wrong)
    assert seen > 17 * 12
    assert await portal.runner.db.fetchval("select bool_and(stage = 'submitted') from application")


async def test_out_of_reach_is_answered_like_not_there(portal: Portal) -> None:
    """An application of another region and one that never was get the same answer, so that nothing can be counted."""
    abroad = await filed(portal.runner, "abroad")
    tab = await portal.as_("reviewer-county")
    answers = []
    for application in (abroad, "0123456789ABCDEF"):
        await tab.get(f"/portal/applications/{application}")
        answers.append((tab.status, tab.text.replace(application, "ID")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


async def test_only_the_own_body_withdraws(portal: Portal) -> None:
    """Of all people only the applicant's own reaches the withdrawal of an application."""
    application = await filed(portal.runner, "county")
    tabs = await everybody(portal)
    answers = {}
    for username, tab in sorted(tabs.items(), key=lambda one: one[0] == "agency-county"):
        await tab.post(f"/portal/applications/{application}/withdrawal")
        answers[username] = tab.status
    assert {username for username, status in answers.items() if status == 303} == {"agency-county"}
    assert {
        answers[username] for username in answers if username.startswith("agency-") and username != "agency-county"
    } == {404}
    assert await portal.runner.db.fetchval("select stage from application") == "withdrawn"
