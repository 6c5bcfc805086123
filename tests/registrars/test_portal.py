"""The registrars' pages: their own people, operators, auditors; and what a thief of a session cannot do."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from registry.epp.on_behalf import Desk
from registry.flows.registrar.networks import AddNetwork, add_network
from registry.flows.report.make import make_reports
from registry.flows.runner import Runner
from registry.kernel import tls
from registry.kernel.sealing import unseal
from registry.model.person import Role
from tests.epp import phrases as say
from tests.epp.world import TEST_ZONE, build_world
from tests.kit.clock import FakeClock
from tests.portal.world import SECRET, Portal, Tab, cheap_hash, serving
from tests.registrars.place import OPERATOR, PASSWORD, A, B, act, ask, code_of, enter

PEOPLE = (
    ("clerk-a", Role.REGISTRAR, A),
    ("clerk-b", Role.REGISTRAR, B),
    ("operator", Role.OPERATOR, None),
    ("auditor", Role.AUDITOR, None),
)
_ADD = """
insert into person (username, role, name, password_hash, totp_secret, created_at, registrar_id) values ($1, $2, $1, $3, $4, now(), $5)"""


@pytest.fixture
async def portal(runner: Runner, clock: FakeClock) -> AsyncIterator[Portal]:
    """Two registrars with a person each, an operator and an auditor; the desk of the registrars' door is lent as in the product."""
    await build_world(runner)
    for username, role, registrar in PEOPLE:
        await runner.db.execute(_ADD, username, role.value, cheap_hash(), SECRET, registrar)
    config = replace(runner.config, ote=True)
    pair = tls.make_authority("registry", clock.now())
    pair.write(config.secret("client-ca.pem"), config.secret("client-ca.key"))
    own = Runner(runner.db, clock, config)
    async with serving(own, clock, extras={"epp": Desk(own)}) as running:
        yield running


async def send(tab: Tab, do: str, *, code: str = "", path: str = "/portal/registrar", **fields: str) -> Tab:
    """Fetch the page and send one of its forms with a fresh code of the authenticator."""
    await tab.get(path)
    await tab.runner.db.execute("update person set totp_step = 0")
    return await tab.post(path, {"do": do, "code": code or tab.code(), **fields})


async def test_a_registrar_sees_its_account_and_no_other(portal: Portal) -> None:
    """State, rights, rate, keys and networks are shown; another registrar's page, or the operators', is not."""
    tab = await portal.as_("clerk-a")
    await tab.get("/portal/registrar")
    assert tab.status == 200
    assert A in tab.text
    assert B not in tab.text
    for path in ("/portal/registrars", "/portal/accounts", "/portal/audit", "/portal/queue"):
        assert (await tab.get(path)).status == 403, path
    for username in ("operator", "auditor"):
        other = await portal.as_(username)
        assert (await other.get("/portal/registrar")).status == 403


async def test_nothing_changes_without_the_second_factor(portal: Portal) -> None:
    """Every form of the page, with a wrong, an old or no code, changes nothing; guessing is slowed."""
    tab = await portal.as_("clerk-a")
    pem = pem_of(portal)
    forms = {
        "bind": {"pem": pem}, "revoke": {"key": "00" * 32, "reason": "x"}, "propose": {"network": "192.0.2.0/24"},
        "add-user": {"id": "clerk-9", "password": PASSWORD}, "password": {"password": PASSWORD}, "webhook": {"url": "https://a.example/"},
    }  # fmt: skip
    sql = "select count(*) from audit_entry where act like 'registrar.%'"
    before = await portal.runner.db.fetchval(sql)
    used = tab.code()
    for do, fields in forms.items():
        await send(tab, do, code="000000", **fields)
        assert tab.status in (401, 429), do
    await portal.runner.db.execute("delete from sign_in_guess")
    await tab.get("/portal/registrar")
    await portal.runner.db.execute("update person set totp_step = 1000000000")
    await tab.post("/portal/registrar", {"do": "add-user", "code": used, "id": "clerk-9", "password": PASSWORD})
    assert tab.status == 401
    assert await portal.runner.db.fetchval(sql) == before
    for _ in range(12):
        await send(tab, "bind", code="000000", pem=pem)
    assert tab.status == 429


async def test_a_key_is_bound_and_revoked(portal: Portal) -> None:
    """A certificate is handed in, bound, shown, and revoked; who did it stands in the audit."""
    tab = await portal.as_("clerk-a")
    await send(tab, "bind", pem=pem_of(portal))
    assert tab.status == 200, tab.text
    key = await portal.runner.db.fetchval(
        "select encode(spki_sha256, 'hex') from registrar_certificate order by added_at desc limit 1"
    )
    assert key[:16] in tab.text
    await send(tab, "revoke", key=key, reason="轮换")
    assert tab.status == 200
    entries = await portal.entries("registrar.certificate_revoked")
    assert entries[-1]["actor"] == f"registrar:{A} by person:clerk-a"


async def test_users_passwords_networks_and_webhook(portal: Portal) -> None:
    """The rest of the page works: a user logs in with what was set, a network waits for the operator, a secret is told once."""
    tab = await portal.as_("clerk-a")
    await send(tab, "add-user", id="clerk-1", password=PASSWORD, rights="no-delete", name="经办")
    assert tab.status == 200, tab.text
    session = await enter(portal.runner, "clerk-1", PASSWORD)
    assert code_of(await ask(session, say.named("domain", "delete", f"x.{TEST_ZONE}"))) == 2201
    await send(tab, "user-rights", user="clerk-1", rights="full")
    await send(tab, "password", user="clerk-1", password="another-passwd-1")
    await enter(portal.runner, "clerk-1", "another-passwd-1")
    await send(tab, "user-status", user="clerk-1", status="ended", reason="离职")
    assert tab.status == 200
    await send(tab, "propose", network="203.0.113.0/24", note="新机房")
    assert "203.0.113.0/24" in tab.text
    await send(tab, "webhook", url="https://hooks.example.cn/zhengming")
    (secret,) = re.findall(r"<pre[^>]*>([\w-]{43})</pre>", tab.text)
    sealed = await portal.runner.db.fetchval("select secret from registrar_webhook")
    assert unseal(portal.runner.config, sealed, f"webhook {A}") == secret
    assert secret not in (await tab.get("/portal/registrar")).text
    await send(tab, "webhook", url="ftp://x")
    assert tab.status == 422
    await send(tab, "webhook", url="")
    assert await portal.runner.db.fetchval("select count(*) from registrar_webhook") == 0
    for do in ("", "nonsense"):
        assert (await send(tab, do)).status == 422


async def test_a_form_cannot_reach_another_registrar(portal: Portal) -> None:
    """Numbers and keys of another registrar, sent in a form of one's own, are not found and stay as they are."""
    runner = portal.runner
    number = await act(runner, OPERATOR, add_network, AddNetwork(B, "192.0.2.0/24", is_forced=True))
    key = await runner.db.fetchval(
        "select encode(spki_sha256, 'hex') from registrar_certificate where registrar_id = $1", B
    )
    tab = await portal.as_("clerk-a")
    for do, fields in (
        ("withdraw", {"number": str(number)}),
        ("revoke", {"key": key, "reason": "x"}),
        ("password", {"user": B, "password": PASSWORD}),
    ):
        assert (await send(tab, do, **fields)).status == 404, do
    assert await runner.db.fetchval("select state from registrar_network where id = $1", number) == "active"
    assert (await tab.get(f"/portal/commands?registrar={B}")).status == 200
    assert B not in html.unescape(tab.text)


async def test_reports_are_downloaded(portal: Portal, clock: FakeClock) -> None:
    """The list links to the file, which comes as CSV to its owner and to nobody else."""
    await clock.move(days=2)
    await make_reports(portal.runner)
    tab = await portal.as_("clerk-a")
    await tab.get("/portal/registrar")
    (link, *_) = re.findall(r'href="(/portal/registrar/report\?name=[^"]+)"', tab.text)
    await tab.get(html.unescape(link))
    assert tab.headers["Content-Type"].startswith("text/csv")
    assert tab.text.startswith("at,event,domain")
    assert (await tab.get("/portal/registrar/report?name=nothing.csv")).status == 404


async def test_an_operator_looks_after_registrars(portal: Portal) -> None:
    """State, limits, rights and networks are set from the page with a reason, and count at once; mistakes are told on the page."""
    tab = await portal.as_("operator")
    await tab.get(f"/portal/registrars?id={A}")
    assert tab.status == 200
    for do, fields, column, expected in (
        ("status", {"status": "read-only", "reason": "核查"}, "status", "read-only"),
        ("limits", {"rate": "5", "burst": "10", "sessions": "3"}, "burst", 10),
        ("rights", {"rights": "no-delete"}, "cardinality(rights)", 6),
    ):
        await send(tab, do, path="/portal/registrars", id=A, **fields)
        assert tab.status == 200, tab.text
        assert await portal.runner.db.fetchval(f"select {column} from registrar where id = $1", A) == expected
    await send(await portal.as_("clerk-b"), "propose", network="198.51.100.0/24")
    await tab.get("/portal/registrars")
    (number,) = re.findall(r'name="number" value="(\d+)"', tab.text)
    await send(tab, "approve", path="/portal/registrars", number=number, reason="同意")
    assert await portal.runner.db.fetchval("select state from registrar_network") == "active"
    for do, fields in (
        ("status", {"status": "gone"}),
        ("status", {"status": "active"}),
        ("limits", {"rate": "fast"}),
        ("", {}),
    ):
        await send(tab, do, path="/portal/registrars", id=A, **fields)
        assert tab.status == 422, do
        assert 'role="alert"' in tab.text


async def test_a_command_is_rehearsed_and_carried_out(portal: Portal) -> None:
    """A registrar rehearses its own command; an operator carries one out with reason and code; the log shows both to whom they concern."""
    document = say.contact_create("from-portal").decode()
    clerk = await portal.as_("clerk-a")
    await clerk.get("/portal/rehearsal")
    await clerk.post("/portal/rehearsal", {"document": document, "do": "act", "reason": "x", "registrar": B})
    assert clerk.status == 200
    assert "1000" in clerk.text
    assert await portal.runner.db.fetchval("select count(*) from contact") == 0, "a registrar's person only rehearses"
    operator = await portal.as_("operator")
    await send(operator, "act", path="/portal/rehearsal", registrar=A, document=document, reason="")
    assert operator.status == 422
    await send(operator, "act", path="/portal/rehearsal", registrar=A, document=document, reason="书面委托")
    assert operator.status == 200, operator.text
    assert await portal.runner.db.fetchval("select registrar_id from contact") == A
    auditor = await portal.as_("auditor")
    await auditor.get("/portal/commands?object=from-portal")
    assert auditor.text.count("代为操作") == 1
    assert auditor.text.count("试运行") >= 1
    await (await portal.as_("clerk-b")).get("/portal/commands")
    for query in ("code=x", "since=yesterday", "before=nonsense", "object=%00%ff", "registrar=" + "x" * 900):
        await auditor.get(f"/portal/commands?{query}")
        assert auditor.status in (200, 422), query


def pem_of(portal: Portal) -> str:
    config, now = portal.runner.config, portal.clock.now()
    authority = tls.read_pair(config.secret("client-ca.pem"), config.secret("client-ca.key"))
    return tls.issue(authority, "anything", now).certificate.public_bytes(Encoding.PEM).decode()
