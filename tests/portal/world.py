"""A small country for the portal: bodies of every level, people of every role at home and abroad, and browsers without a screen."""

import base64
import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import aiohttp
from aiohttp import web
from argon2 import PasswordHasher

from registry.cli.demo import REAL_BODIES
from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.registration.register_name import Waiting
from registry.flows.review.file_name import FileName, file_name
from registry.flows.runner import Runner
from registry.flows.session.totp import code_at, step_of
from registry.kernel.web.app import Context, build_app
from registry.model.person import Person, Role
from registry.policy.codes import compose
from registry.portal import announcements, home
from registry.portal.letters import desk as letters
from registry.portal.names.routes import routes as names_routes
from registry.portal.routes import routes
from tests.kit.clock import FakeClock
from tests.web.site import free_port
from verifier.reports.desk import CaseDesk

PASSWORD = "correct horse battery"
SECRET = base64.b32encode(b"12345678901234567890").decode()
AGENT = "Mozilla/5.0 (test)"
ASSETS = ("registry.portal", "registry.portal.names")

COUNTY = ("12", "430121", "00000201", "长沙县文化馆", "county")
CITY = ("12", "430100", "00000202", "长沙市图书馆", "city")
PROVINCE = ("12", "430000", "00000203", "湖南省博物院", "province")
ABROAD = ("12", "440106", "00000204", "天河区文化馆", "county")
RIVAL = ("12", "430121", "00000205", "长沙县文化中心", "county")
BODIES = (COUNTY, CITY, PROVINCE, ABROAD, RIVAL)
TSINGHUA = "12100000400000624D"
# What each asks for: a short form that a reviewer must weigh.
WISHES = {
    "county": "长沙县文化.公益",
    "city": "长沙图书.公益",
    "province": "湖南博物.公益",
    "central": "清华.公益",
    "abroad": "天河文化.公益",
}


def code_of(body: tuple[str, str, str, str, str]) -> str:
    """The credit code of a body of this country."""
    return compose(*body[:3])


PEOPLE = (
    Person("agency", Role.AGENCY, "", TSINGHUA, "清华大学经办人"),
    Person("agency-county", Role.AGENCY, "430121", code_of(COUNTY), "文化馆经办人"),
    Person("agency-city", Role.AGENCY, "430100", code_of(CITY), "图书馆经办人"),
    Person("agency-province", Role.AGENCY, "430000", code_of(PROVINCE), "博物院经办人"),
    Person("agency-abroad", Role.AGENCY, "440106", code_of(ABROAD), "天河经办人"),
    Person("agency-rival", Role.AGENCY, "430121", code_of(RIVAL), "文化中心经办人"),
    Person("reviewer-county", Role.REVIEWER_COUNTY, "430121", "", "县级审核员"),
    Person("reviewer-county-2", Role.REVIEWER_COUNTY, "430121", "", "县级审核员乙"),
    Person("reviewer-city", Role.REVIEWER_CITY, "430100", "", "市级审核员"),
    Person("reviewer-province", Role.REVIEWER_PROVINCE, "430000", "", "省级审核员"),
    Person("reviewer-central", Role.REVIEWER_CENTRAL, "000000", "", "中央审核员"),
    Person("abroad-county", Role.REVIEWER_COUNTY, "440106", "", "天河审核员"),
    Person("abroad-city", Role.REVIEWER_CITY, "440100", "", "广州审核员"),
    Person("abroad-province", Role.REVIEWER_PROVINCE, "440000", "", "广东审核员"),
    Person("operator", Role.OPERATOR, "", "", "系统管理员"),
    Person("security-officer", Role.SECURITY_OFFICER, "", "", "安全保密管理员"),
    Person("auditor", Role.AUDITOR, "", "", "安全审计员"),
    Person("registrar", Role.REGISTRAR, "", "", "注册服务机构经办人", "registrar-a"),
)
BY_NAME = {person.username: person for person in PEOPLE}
# What a route names besides an application; a test asks for one that is not there.
OTHER = re.compile(r"\{(?!id\})\w+\}")
APPLICANTS = {
    "county": "agency-county",
    "city": "agency-city",
    "province": "agency-province",
    "central": "agency",
    "abroad": "agency-abroad",
}
_ADD_PERSON = """
insert into person (username, role, region, uscc, name, password_hash, totp_secret, created_at, registrar_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''))"""


@lru_cache(maxsize=1)
def cheap_hash() -> str:
    """An argon2 hash that is quick to check: the cost is written in the hash itself."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


async def populate(runner: Runner) -> None:
    """Bodies, the registrar of the portal, and everybody's account."""
    now = runner.clock.now()
    lines = ["uscc,name,kind,administrative,region,level,status,legal_representative,phone,address"]
    lines += [
        f"{code_of(body)},{body[3]},{body[0]},0,{body[1]},{body[4]},normal,张三,0731-84011234,湖南省长沙市开元路1号"
        for body in BODIES
    ]
    path = runner.config.data / "bodies.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for file in (path, REAL_BODIES):
        await import_file(runner.db, file, snapshot=False, actor="job:test", clock=runner.clock)
    registrar = CreateRegistrar("registrar-a", "注册服务机构甲", "secret-password")
    await runner.run(Caller("person", "operator", may_override=True), lambda act: create_registrar(act, registrar))
    async with runner.db.transaction() as conn:
        for one in PEOPLE:
            await conn.execute(
                _ADD_PERSON,
                one.username,
                one.role.value,
                one.region,
                one.uscc,
                one.name,
                cheap_hash(),
                SECRET,
                now,
                one.registrar,
            )


def filled(path: str, application: str) -> str:
    """A route's pattern with this application, and with something that is not there for everything else."""
    return OTHER.sub("nobody", path).replace("{id}", application)


async def filed(runner: Runner, whose: str, name: str = "", note: str = "") -> str:
    """An application that waits: of ``county``, ``city``, ``province``, ``central`` or ``abroad``, or of a person."""
    person = BY_NAME[APPLICANTS.get(whose, whose)]
    order = FileName(name or WISHES[whose], note)
    outcome = await runner.run(Caller("person", person.username), lambda act: file_name(act, person, order))
    assert isinstance(outcome, Waiting), outcome
    return outcome.application_id


@dataclass
class Tab:
    """A browser without a screen: keeps cookies, follows no redirect, sends the token of the page it last saw."""

    client: aiohttp.ClientSession
    runner: Runner
    clock: FakeClock
    agent: str = AGENT
    cookies: dict[str, str] = field(default_factory=dict)
    text: str = ""
    status: int = 0
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> "Tab":
        """Ask for a page."""
        return await self._send("GET", path, None, headers)

    async def post(
        self, path: str, fields: dict[str, str] | None = None, *, csrf: str | None = None, **headers: str
    ) -> "Tab":
        """Send a form with the token of the last page, or another one."""
        token = self.csrf if csrf is None else csrf
        return await self._send("POST", path, {"csrf": token, **(fields or {})}, headers)

    async def _send(self, method: str, path: str, data: Any, headers: Mapping[str, str]) -> "Tab":
        sent = {"User-Agent": self.agent, "Accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.client.request(method, path, data=data, headers=sent, allow_redirects=False) as answer:
            self.text, self.status = await answer.text(), answer.status
            self.location, self.headers = answer.headers.get("Location", ""), answer.headers
            for name, morsel in answer.cookies.items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return self

    @property
    def csrf(self) -> str:
        """The token of the last page, empty when it had no form."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        return html.unescape(found[1]) if found else ""

    def code(self, shift: int = 0) -> str:
        """The code that the authenticator shows now."""
        return code_at(base64.b32decode(SECRET), step_of(self.clock.now()) + shift)

    async def sign_in(self, username: str, password: str = PASSWORD, code: str | None = None, **fields: str) -> "Tab":
        """Fetch the form and send it; the code of the account is made fresh first, so that a test may sign in twice a minute."""
        if code is None:
            await self.runner.db.execute("update person set totp_step = 0 where username = $1", username)
        await self.get("/portal/sign-in")
        sent = {"username": username, "password": password, "code": self.code() if code is None else code, **fields}
        return await self.post("/portal/sign-in", sent)


@dataclass(frozen=True)
class Portal:
    """The running portal."""

    url: str
    runner: Runner
    clock: FakeClock
    client: aiohttp.ClientSession
    app: web.Application

    def tab(self, agent: str = AGENT) -> Tab:
        """A fresh browser."""
        return Tab(self.client, self.runner, self.clock, agent)

    async def as_(self, username: str) -> Tab:
        """A browser in which this person is signed in."""
        tab = await self.tab().sign_in(username)
        assert tab.status == 303, tab.text
        return tab

    async def entries(self, act: str) -> list[dict[str, Any]]:
        """Audit entries of an act, the oldest first."""
        rows = await self.runner.db.fetch(
            "select actor, subject, detail from audit_entry where act = $1 order by id", act
        )
        return [dict(row) for row in rows]


@asynccontextmanager
async def serving(
    runner: Runner, clock: FakeClock, public_url: str = "", extras: Mapping[str, Any] | None = None
) -> AsyncIterator[Portal]:
    """The portal, the home page and the name check on a free port."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    at = replace(runner.config, web=replace(runner.config.web, public_url=public_url or url))
    own = Runner(runner.db, clock, at)
    lent = {"cases": CaseDesk(runner.db, clock, at), **(extras or {})}
    context = Context(at, runner.db, clock, own, lent)
    app = build_app(
        context,
        [
            home.routes(context),
            names_routes(context),
            announcements.routes(context),
            letters.routes(context),
            routes(context),
        ],
        assets=ASSETS,
    )
    served = web.AppRunner(app, access_log=None)
    await served.setup()
    await web.TCPSite(served, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        try:
            yield Portal(url, own, clock, client, app)
        finally:
            await served.cleanup()
