"""Logs without secrets, and one port for the health and figures of all processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from registry.kernel.config import Config
from registry.kernel.log import MASK, mask_secrets
from registry.kernel.ops import build_ops, join_figures
from registry.kernel.service import health_socket


@pytest.mark.parametrize(
    "key", ["password", "new_password", "pw", "client_secret", "Authorization", "access_token", "auth_info"]
)
def test_fields_that_hold_secrets_are_masked(key: str) -> None:
    """Whatever was put into such a field, the log shows three asterisks."""
    assert mask_secrets(None, "info", {key: "s3cret", "name": "国务院.政务"}) == {key: MASK, "name": "国务院.政务"}


def test_figures_of_several_instances_are_joined() -> None:
    """One HELP and TYPE a family, every sample with the instance it came from."""
    text = '# HELP zhengming_x_total Things\n# TYPE zhengming_x_total counter\nzhengming_x_total{a="1"} 2.0\n'
    joined = join_figures({"epp.0": text, "epp.1": text})

    assert joined.count("# TYPE zhengming_x_total counter") == 1
    assert 'zhengming_x_total{a="1",instance="epp.0"} 2.0' in joined
    assert 'zhengming_x_total{a="1",instance="epp.1"} 2.0' in joined


@asynccontextmanager
async def serving(app: web.Application, *, path: str = "") -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    site: web.UnixSite | web.TCPSite = web.UnixSite(runner, path) if path else web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield "" if path else f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_readiness_is_the_readiness_of_every_service(config: Config) -> None:
    """503 and the names of those that wait, until each of them answers; being alive is another question."""
    state = {"ready": False}

    async def ready(_: web.Request) -> web.Response:
        return web.Response(status=200 if state["ready"] else 503)

    health = web.Application()
    health.add_routes([web.get("/ready", ready)])
    async with (
        serving(health, path=health_socket(config, "epp.0")),
        serving(build_ops(config, lambda: ["epp.0"])) as url,
        ClientSession() as http,
    ):
        async with http.get(f"{url}/health/live") as answer:
            assert answer.status == 200
        async with http.get(f"{url}/health/ready") as answer:
            assert (answer.status, (await answer.json())["waiting"]) == (503, ["epp.0"])
        state["ready"] = True
        async with http.get(f"{url}/health/ready") as answer:
            assert answer.status == 200


async def test_a_service_that_is_not_there_is_not_ready(config: Config) -> None:
    """No socket, no health."""
    async with (
        serving(build_ops(config, lambda: ["gone.0"])) as url,
        ClientSession() as http,
        http.get(f"{url}/health/ready") as answer,
    ):
        assert answer.status == 503
