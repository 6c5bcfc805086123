"""The machines' door on a real server, a database with bodies, and clients of two registrars."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.registrar.api_client import ApiClient, CreateApiClient, create_api_client
from registry.flows.runner import Runner
from registry.kernel.config import Config
from registry.kernel.web.app import Context, build_app
from registry.model.registrar import Registrar, RegistrarStatus
from registry.policy.codes import compose
from registry.rest.app import routes
from registry.rest.auth import Tokens
from registry.store import registrars
from tests.kit.clock import FakeClock

TAX = compose("11", "100000", "00001303")
SCHOOL = compose("12", "430100", "44880456")
STALE = compose("12", "110000", "40000683")
GONE = compose("11", "100000", "00001417")
BODIES = (
    {"uscc": TAX, "name": "国家税务总局", "short_names": "税务总局", "kind": "11", "administrative": 1, "region": "100000",
     "level": "central", "status": "normal"},
    {"uscc": SCHOOL, "name": "长沙市第一中学", "kind": "12", "administrative": 0, "region": "430100", "level": "city",
     "status": "normal"},
    {"uscc": STALE, "name": "北京古籍研究院", "kind": "12", "administrative": 0, "region": "110000", "level": "province",
     "status": "normal", "valid_until": "2025-12-31"},
    {"uscc": GONE, "name": "铁道部", "kind": "11", "administrative": 1, "region": "100000", "level": "central",
     "status": "abolished"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Api:
    """One client of the door; ``token`` is sent with every call unless told otherwise."""

    client: TestClient[Any, Any]
    account: ApiClient
    token: str = ""

    async def call(self, method: str, path: str, body: object = None, **kwargs: Any) -> tuple[ClientResponse, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= kwargs.pop("headers", {})
        if body is not None:
            kwargs["json"] = body
        answer = await self.client.request(method, path, headers=headers, **kwargs)
        text = await answer.text()
        return answer, json.loads(text) if text.startswith(("{", "[")) else text

    async def post(self, path: str, body: object, **kwargs: Any) -> tuple[ClientResponse, Any]:
        return await self.call("POST", path, body, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> tuple[ClientResponse, Any]:
        return await self.call("GET", path, **kwargs)


@pytest.fixture
async def bodies(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "bodies.jsonl"
    path.write_text("".join(json.dumps(body, ensure_ascii=False) + "\n" for body in BODIES))
    report = await import_file(runner.db, path, snapshot=False, actor="test", clock=runner.clock)
    assert (report.inserted, report.rejected) == (len(BODIES), 0), report


@pytest.fixture
async def accounts(runner: Runner) -> dict[str, ApiClient]:
    """The two registrars' API clients."""

    async def make(act: Act) -> dict[str, ApiClient]:
        made = {}
        for name in ("registrar-a", "registrar-b"):
            registrar = Registrar(name, name, None, RegistrarStatus.ACTIVE, "no password: this one has no EPP login")
            await registrars.add(act.conn, registrar, email="", phone="", url="", address="", at=act.now)
            made[name] = await create_api_client(act, CreateApiClient(name))
        return made

    return await runner.run(Caller("job", "test"), make)


@pytest.fixture
async def server(runner: Runner, accounts: dict[str, ApiClient]) -> AsyncIterator[TestServer]:
    context = Context(runner.config, runner.db, runner.clock, runner)
    async with TestServer(build_app(context, [routes(context)])) as started:
        yield started


@pytest.fixture
async def client(server: TestServer) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(server) as started:
        yield started


async def sign_in(client: TestClient[Any, Any], account: ApiClient, scope: str = "") -> Api:
    form = {"grant_type": "client_credentials", "client_id": account.client_id, "client_secret": account.secret}
    answer = await client.post("/api/v1/token", data={**form, **({"scope": scope} if scope else {})})
    assert answer.status == 200, await answer.text()
    return Api(client, account, (await answer.json())["access_token"])


@pytest.fixture
async def a(client: TestClient[Any, Any], accounts: dict[str, ApiClient]) -> Api:
    return await sign_in(client, accounts["registrar-a"])


@pytest.fixture
async def b(client: TestClient[Any, Any], accounts: dict[str, ApiClient]) -> Api:
    return await sign_in(client, accounts["registrar-b"])


@pytest.fixture
def a_tokens(config: Config, clock: FakeClock) -> Tokens:
    return Tokens(config, clock)
