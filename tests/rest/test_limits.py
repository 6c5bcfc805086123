"""How often one may ask."""

import pytest

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.limits import Buckets
from registry.rest.limits import Limits
from tests.kit.clock import FakeClock
from tests.rest.conftest import Api


async def test_a_public_caller_is_stopped_and_let_in_again(clock: FakeClock) -> None:
    """A burst, then a pace; each address for itself; an IPv6 network is one caller; this machine is not limited."""
    limits = Limits(clock, public=Buckets(per_second=1, burst=3))
    for _ in range(3):
        limits.ask_publicly("192.0.2.1")
    with pytest.raises(Refusal) as caught:
        limits.ask_publicly("192.0.2.1")
    assert caught.value.reason is Reason.RATE_LIMITED
    assert caught.value.evidence == {"retry_after": 1}
    limits.ask_publicly("192.0.2.2")
    for last in range(3):
        limits.ask_publicly(f"2001:db8::{last}")
    with pytest.raises(Refusal):
        limits.ask_publicly("2001:db8::ffff")
    for _ in range(9):
        limits.ask_publicly("127.0.0.1")
    await clock.move(seconds=1)
    limits.ask_publicly("192.0.2.1")


def test_another_place_cannot_lock_a_client_out(clock: FakeClock) -> None:
    """Wrong tries count for the place that they come from."""
    limits = Limits(clock, tokens=Buckets(per_second=1, burst=1))
    limits.ask_for_token("client", "192.0.2.1")
    with pytest.raises(Refusal):
        limits.ask_for_token("client", "192.0.2.1")
    limits.ask_for_token("client", "192.0.2.2")


async def test_guessing_a_secret_is_slow(a: Api) -> None:
    """After sixty tries in a row even the right secret has to wait, and the answer says how long."""
    form = {"grant_type": "client_credentials", "client_id": a.account.client_id, "client_secret": "wrong"}
    statuses = []
    for _ in range(61):
        answer = await a.client.post("/api/v1/token", data=form)
        statuses.append(answer.status)
    assert set(statuses) == {401, 429}
    assert answer.headers["Retry-After"] == "2"
    assert (await answer.json())["reason"] == "rate_limited"
