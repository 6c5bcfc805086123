"""Clients of data centres: made, signed in, held to their scopes, revoked."""

import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from registry.flows.act import Act
from registry.flows.establishment.create_client import MAX_NOTE, CreateCentreClient, create_centre_client
from registry.flows.establishment.revoke_client import revoke_centre_client
from registry.flows.establishment.scopes import PUSH, READ
from registry.flows.runner import Runner
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from tests.push.conftest import BATCHES, CALLER, HUNAN, Sender, ask_for_token, new_client, row, sign_in

BODIES = "/api/v1/bodies?q=长沙"


async def test_a_secret_is_told_once_and_kept_as_a_hash(runner: Runner, db: Database) -> None:
    """Neither the table nor the audit log holds it; the log says who made the client, for whom and for what."""
    made = await new_client(runner, HUNAN)
    stored = await db.fetchval("select to_jsonb(c)::text from centre_client c where client_id = $1", made.client_id)
    assert made.secret not in stored
    assert made.secret not in repr(made)
    entry = await db.fetchrow("select actor, subject, detail from audit_entry where act = 'centre.client_created'")
    assert entry
    assert (entry["actor"], entry["subject"]) == ("job:test", HUNAN)
    assert json.loads(entry["detail"]) == {"client_id": made.client_id, "scopes": [PUSH, READ], "note": ""}
    assert made.secret not in entry["detail"]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (CreateCentreClient("99"), Reason.NOT_FOUND),
        (CreateCentreClient("43", ()), Reason.VALUE_INVALID),
        (CreateCentreClient("43", ("register",)), Reason.VALUE_INVALID),
        (CreateCentreClient("43", note="x" * (MAX_NOTE + 1)), Reason.TOO_LARGE),
    ],
)
async def test_no_client_without_a_centre_and_a_known_scope(
    runner: Runner, order: CreateCentreClient, reason: Reason
) -> None:
    """Anything else is refused and leaves nothing behind."""

    async def flow(act: Act) -> Any:
        return await create_centre_client(act, order)

    with pytest.raises(Refusal) as caught:
        await runner.run(CALLER, flow)
    assert caught.value.reason is reason
    assert await runner.db.fetchval("select count(*) from centre_client") == 0


async def test_a_token_holds_what_the_client_may(runner: Runner, http: "TestClient[Any, Any]") -> None:
    """All of its scopes unless it asks for fewer; none that it does not have, nor one of registrars."""
    both, pusher = await new_client(runner, HUNAN), await new_client(runner, HUNAN, [PUSH])
    assert (await ask_for_token(http, both))[1]["scope"] == f"{PUSH} {READ}"
    assert (await ask_for_token(http, both, READ))[1]["scope"] == READ
    assert (await ask_for_token(http, pusher))[1]["scope"] == PUSH
    for scope in (READ, "register", "everything"):
        status, told = await ask_for_token(http, pusher, scope)
        assert (status, told["error"]) == (400, "invalid_scope"), scope


async def test_a_scope_opens_its_own_paths_only(runner: Runner, http: "TestClient[Any, Any]") -> None:
    """Who may push may not therefore search, and the other way round; registrars' paths are closed to both."""
    account = await new_client(runner, HUNAN)
    pusher, reader = await sign_in(http, account, PUSH), await sign_in(http, account, READ)
    assert (await pusher.push("k", row(1, "长沙县教育局")))[0] == 201
    assert (await reader.push("k2", row(2, "长沙县卫生局")))[0] == 403
    assert (await reader.get(BATCHES))[0] == 403
    assert (await reader.get(BODIES))[0] == 200
    assert (await pusher.get(BODIES))[0] == 403
    assert (await pusher.get("/api/v1/domains/a.政务"))[0] == 403


async def test_a_revoked_client_is_out_at_once(runner: Runner, hunan: Sender, db: Database) -> None:
    """Its token has not ended, but the register is asked each time; a new token is not to be had; it is revoked once."""
    await hunan.push("k", row(1, "长沙县教育局"))

    async def flow(act: Act) -> str:
        return await revoke_centre_client(act, hunan.account.client_id)

    assert await runner.run(CALLER, flow) == HUNAN
    for path in (BATCHES, BODIES, "/api/v1/bodies/11430121000000019X"):
        status, told = await hunan.get(path)
        assert (status, told["reason"]) == (401, "credentials_wrong"), path
    assert (await hunan.push("k", row(1, "长沙县教育局")))[0] == 401
    assert (await hunan.push("", row(1, "长沙县教育局"), query="?preview=true"))[0] == 401
    assert (await ask_for_token(hunan.http, hunan.account))[1]["error"] == "invalid_client"
    with pytest.raises(Refusal) as caught:
        await runner.run(CALLER, flow)
    assert caught.value.reason is Reason.NOT_FOUND
    assert await db.fetchval("select count(*) from audit_entry where act = 'centre.client_revoked'") == 1


async def test_a_wrong_secret_is_not_told_from_a_wrong_id(hunan: Sender) -> None:
    """RFC 6749 section 5.2: invalid_client for both."""
    answers = []
    for client_id in (hunan.account.client_id, "nobody"):
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "wrong"}
        answer = await hunan.http.post("/api/v1/token", data=form)
        answers.append((answer.status, await answer.text()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
