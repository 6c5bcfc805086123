"""The machines' door on a real server, with clients of two provinces and of the centre."""

import json
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from registry.flows.act import Act, Caller
from registry.flows.establishment.create_client import CentreClient, CreateCentreClient, create_centre_client
from registry.flows.runner import Runner
from registry.kernel.web.app import Context, build_app
from registry.policy.codes import compose
from registry.rest.app import routes

BATCHES = "/api/v1/establishment/batches"
HUNAN, GUANGDONG, CENTRE = "43", "44", "00"
CALLER = Caller("job", "test")


def code(number: int, region: str = "430121", kind: str = "11") -> str:
    return compose(kind, region, f"{number:08d}")


def row(number: int, name: str, region: str = "430121", **fields: object) -> dict[str, object]:
    return {"uscc": code(number, region), "name": name, "level": "county", **fields}


class Sender:
    """One client of a data centre that has signed in."""

    def __init__(self, http: "TestClient[Any, Any]", account: CentreClient, token: str) -> None:
        self.http = http
        self.account = account
        self.token = token

    async def call(self, method: str, path: str, **kwargs: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        answer = await self.http.request(method, path, headers=headers, **kwargs)
        text = await answer.text()
        return answer.status, json.loads(text) if text.startswith("{") else text

    async def get(self, path: str) -> tuple[int, Any]:
        return await self.call("GET", path)

    async def push(
        self, key: str, *rows: object, query: str = "", raw: bytes = b"", media: str = ""
    ) -> tuple[int, Any]:
        data = BytesIO(raw or json.dumps({"rows": list(rows)}).encode())
        headers = {"Content-Type": media or "application/json", **({"Idempotency-Key": key} if key else {})}
        return await self.call("POST", BATCHES + query, data=data, headers=headers)


async def new_client(runner: Runner, centre: str, scopes: Sequence[str] = ()) -> CentreClient:
    order = CreateCentreClient(centre, tuple(scopes)) if scopes else CreateCentreClient(centre)

    async def flow(act: Act) -> CentreClient:
        return await create_centre_client(act, order)

    return await runner.run(CALLER, flow)


async def ask_for_token(http: "TestClient[Any, Any]", account: CentreClient, scope: str = "") -> tuple[int, Any]:
    form = {"grant_type": "client_credentials", "client_id": account.client_id, "client_secret": account.secret}
    answer = await http.post("/api/v1/token", data={**form, **({"scope": scope} if scope else {})})
    return answer.status, await answer.json()


async def sign_in(http: "TestClient[Any, Any]", account: CentreClient, scope: str = "") -> Sender:
    status, told = await ask_for_token(http, account, scope)
    assert status == 200, told
    return Sender(http, account, told["access_token"])


@pytest.fixture
async def http(runner: Runner) -> "AsyncIterator[TestClient[Any, Any]]":
    context = Context(runner.config, runner.db, runner.clock, runner)
    async with TestClient(TestServer(build_app(context, [routes(context)]))) as started:
        yield started


@pytest.fixture
async def hunan(runner: Runner, http: "TestClient[Any, Any]") -> Sender:
    return await sign_in(http, await new_client(runner, HUNAN))


@pytest.fixture
async def guangdong(runner: Runner, http: "TestClient[Any, Any]") -> Sender:
    return await sign_in(http, await new_client(runner, GUANGDONG))


@pytest.fixture
async def centre(runner: Runner, http: "TestClient[Any, Any]") -> Sender:
    return await sign_in(http, await new_client(runner, CENTRE))
