"""Logs without secrets, and one port for the health and figures of all processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from registry.kernel import metrics
from registry.kernel.config import Config
from registry.kernel.health import health_socket, is_ready, telling_health
from registry.kernel.log import MASK, mask_secrets
from registry.kernel.ops import build_ops, join_figures


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
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_readiness_is_the_readiness_of_every_service(config: Config) -> None:
    """503 and the names of those that wait, until each of them answers; being alive is another question."""
    state = {"ready": False}
    metrics.gauge("test_things", "Things of this test").set(3)
    async with (
        telling_health(config, "epp.0", lambda: state["ready"]),
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
        async with http.get(f"{url}/metrics") as answer:
            assert 'zhengming_test_things{instance="epp.0"} 3.0' in await answer.text()


async def test_a_crash_leaves_no_socket_in_the_way(config: Config) -> None:
    """A socket file that a killed service left is replaced by the next one."""
    Path(health_socket(config, "dns.0")).touch()
    async with telling_health(config, "dns.0", lambda: True):
        assert await is_ready(config, "dns.0")
    assert not await is_ready(config, "dns.0")


async def test_a_service_that_is_not_there_is_not_ready(config: Config) -> None:
    """No socket, no health."""
    async with (
        serving(build_ops(config, lambda: ["gone.0"])) as url,
        ClientSession() as http,
        http.get(f"{url}/health/ready") as answer,
    ):
        assert answer.status == 503
