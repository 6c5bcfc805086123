"""``/api/v1/registrar``: a registrar's machines look after its own account."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding

from registry.epp.on_behalf import Desk
from registry.flows.registrar.api_client import CreateApiClient, create_api_client
from registry.flows.registrar.set_status import SetStatus, set_status
from registry.flows.report.make import make_reports
from registry.flows.runner import Runner
from registry.kernel import tls
from registry.kernel.web.app import Context, build_app
from registry.model.registrar import RegistrarStatus
from registry.rest.app import routes
from tests.epp import phrases as say
from tests.epp.world import build_world
from tests.kit.clock import FakeClock
from tests.registrars.place import OPERATOR, A, B, act, enter
from tests.web.site import free_port

PATH = "/api/v1/registrar"


@dataclass(frozen=True)
class Api:
    """The door with a token for each registrar."""

    session: aiohttp.ClientSession
    runner: Runner
    tokens: dict[str, str]

    async def call(self, method: str, path: str, body: Any = None, *, by: str = A, **headers: str) -> tuple[int, Any]:
        """One request; JSON where it is JSON."""
        sent = {"Authorization": f"Bearer {self.tokens[by]}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        async with self.session.request(method, PATH + path, json=body, headers=sent) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if "json" in answer.headers["Content-Type"] else text


@pytest.fixture
async def api(runner: Runner, clock: FakeClock) -> AsyncIterator[Api]:
    """A listening door with the desk of the registrars' door, as in the product."""
    await build_world(runner)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    own = Runner(runner.db, clock, replace(runner.config, ote=True, web=replace(runner.config.web, public_url=url)))
    app = build_app(Context(own.config, own.db, clock, own, {"epp": Desk(own)}), [])
    app.router.add_routes(routes(Context(own.config, own.db, clock, own, {"epp": Desk(own)})))
    served = web.AppRunner(app, access_log=None)
    await served.setup()
    await web.TCPSite(served, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(url) as session:
        tokens = {}
        for name in (A, B):
            client = await act(own, OPERATOR, create_api_client, CreateApiClient(name))
            form = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": client.secret}
            async with session.post("/api/v1/token", data=form) as answer:
                tokens[name] = (await answer.json())["access_token"]
        yield Api(session, own, tokens)
    await served.cleanup()


async def test_the_account_is_shown(api: Api) -> None:
    """State, rights, rate, sessions, keys: the registrar's own."""
    status, told = await api.call("GET", "")
    assert status == 200
    assert (told["id"], told["status"], len(told["certificates"])) == (A, "active", 1)
    assert told["rate"] is None
    assert "password" not in json.dumps(told)


async def test_keys_passwords_and_webhook(api: Api, clock: FakeClock) -> None:
    """A certificate is bound and revoked, a password changed, a webhook set; a secret is told once and remembered nowhere."""
    pair = tls.make_authority("registry", clock.now())
    pair.write(api.runner.config.secret("client-ca.pem"), api.runner.config.secret("client-ca.key"))
    pem = tls.issue(pair, "x", clock.now()).certificate.public_bytes(Encoding.PEM).decode()
    status, bound = await api.call("POST", "/certificates", {"pem": pem}, Idempotency_Key="once-1")
    assert status == 201, bound
    assert await api.call("POST", "/certificates", {"pem": pem}, Idempotency_Key="once-1") == (201, bound)
    assert (await api.call("POST", "/certificates", {"pem": pem}, by=B))[0] == 409
    assert (await api.call("POST", f"/certificates/{bound['key']}/revocation", {"reason": "x"}, by=B))[0] == 404
    assert (await api.call("POST", f"/certificates/{bound['key']}/revocation", {"reason": "轮换"}))[0] == 200
    for key in ("zz", "00", bound["key"]):
        assert (await api.call("POST", f"/certificates/{key}/revocation", {"reason": "x"}))[0] == 404
    assert (await api.call("PUT", "/password", {"password": "another-pass-1"}))[0] == 200
    await enter(api.runner, A, "another-pass-1")
    assert (await api.call("PUT", "/password", {"password": "short"}))[0] == 422
    assert (await api.call("PUT", "/password", {"password": "another-pass-1", "user": B}))[0] == 404
    status, hook = await api.call("PUT", "/webhook", {"url": "https://hooks.example.cn/x"}, Idempotency_Key="once-2")
    assert (status, len(hook["secret"])) == (200, 43)
    kept = await api.runner.db.fetchval("select coalesce(string_agg(body, ''), '') from idempotency")
    audited = await api.runner.db.fetchval("select string_agg(detail, '') from audit_entry")
    assert hook["secret"] not in kept + audited
    assert "secret" not in (await api.call("PUT", "/webhook", {"url": "https://hooks.example.cn/y"}))[1]
    assert (await api.call("PUT", "/webhook", {"url": "gopher://x"}))[0] == 422


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "https://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/", "https://localhost/", "https://db.internal/",
     "https://user:pw@a.example/", "https://a.example/#x", "https://", "https://a.example:0/", "https://a.example:99999/", "javascript:x",
     "https://[::ffff:10.0.0.1]/", "https://a.example/ x", "https://例え.example/", "https://a.example/" + "x" * 500],
)  # fmt: skip
def test_production_sends_to_public_https_only(url: str) -> None:
    """A webhook into our own network, without TLS, with credentials or nonsense, is refused."""
    from registry.flows.registrar.webhook import check_url
    from registry.kernel.errors import Reason, Refusal

    with pytest.raises(Refusal) as caught:
        check_url(url, is_open=False)
    assert caught.value.reason is Reason.VALUE_INVALID


async def test_commands_and_rehearsals(api: Api) -> None:
    """A rehearsal answers what EPP would and leaves a line in the log, which the registrar searches and nobody else sees."""
    document = say.contact_create("by-rest").decode()
    status, told = await api.call("POST", "/rehearsals", {"document": document})
    assert status == 200
    assert 'code="1000"' in told["answer"]
    assert await api.runner.db.fetchval("select count(*) from contact") == 0
    assert (await api.call("POST", "/rehearsals", {"document": "<epp"}))[1]["answer"].count("2001") == 1
    status, found = await api.call("GET", "/commands?object=by-rest&command=create&code=1000")
    assert status == 200
    assert [(one["command"], one["mode"], one["objects"]) for one in found["commands"]] == [
        ("create", "dry-run", ["by-rest"])
    ]
    assert (await api.call("GET", "/commands", by=B))[1]["commands"] == []
    assert (await api.call("GET", "/commands?since=yesterday"))[0] == 422
    assert (await api.call("GET", "/commands?cursor=%00&code=abcd&object=%00"))[0] == 200


async def test_reports(api: Api, clock: FakeClock) -> None:
    """Listed with their digests and fetched as CSV; another registrar's name of the same form gives its own file."""
    now = clock.now()
    await clock.move(days=1)
    await make_reports(api.runner)
    clock.set(now)  # a token lives for an hour
    (one, *_) = (await api.call("GET", "/reports"))[1]["reports"]
    status, text = await api.call("GET", f"/reports/{one['name']}")
    assert status == 200
    assert text.startswith("at,event")
    assert (await api.call("GET", "/reports/..%2f..%2fetc"))[0] == 404


async def test_a_registrar_that_may_only_look_changes_nothing(api: Api) -> None:
    """Read-only holds for machines too: looking works, changes are refused; a terminated one is out."""
    await act(api.runner, OPERATOR, set_status, SetStatus(A, RegistrarStatus.READ_ONLY, "核查"))
    assert (await api.call("GET", ""))[0] == 200
    assert (await api.call("PUT", "/password", {"password": "another-pass-1"}))[0] == 403
    assert (await api.call("PUT", "/webhook", {"url": "https://a.example/"}))[0] == 403
    assert (await api.call("POST", "/rehearsals", {"document": say.contact_create("c-1").decode()}))[1]["answer"].count(
        "2201"
    ) == 1
    await act(api.runner, OPERATOR, set_status, SetStatus(A, RegistrarStatus.TERMINATED, "终止"))
    for method, path in (("GET", ""), ("GET", "/reports"), ("GET", "/commands")):
        assert (await api.call(method, path))[0] == 401
