"""Getting a token, and what a token is good for."""

import base64
from urllib.parse import quote_plus

import jwt
import pytest

from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.web.app import CONTEXT
from registry.rest.auth import Grant, Tokens
from tests.kit.clock import FakeClock
from tests.rest.conftest import Api, sign_in

TOKEN = "/api/v1/token"
DOMAIN = "/api/v1/domains/xn--fiqs8s.xn--zfr164b"


def form(api: Api, **changed: str) -> dict[str, str]:
    whole = {
        "grant_type": "client_credentials",
        "client_id": api.account.client_id,
        "client_secret": api.account.secret,
    }
    return {name: value for name, value in {**whole, **changed}.items() if value}


async def test_the_token_answer_is_that_of_rfc_6749(a: Api) -> None:
    """Section 5.1: bearer, its life, its scopes, and never kept in a cache."""
    answer = await a.client.post(TOKEN, data=form(a))
    body = await answer.json()
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "verify register read account")
    assert jwt.get_unverified_header(body["access_token"]) == {"alg": "EdDSA", "typ": "at+jwt"}


async def test_http_basic_serves_as_well(a: Api) -> None:
    """Section 2.3.1: both halves form-encoded."""
    pair = f"{quote_plus(a.account.client_id)}:{quote_plus(a.account.secret)}"
    header = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    answer = await a.client.post(TOKEN, data={"grant_type": "client_credentials"}, headers=header)
    assert answer.status == 200


ERRORS = (
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_id": "nobody"}, 401, "invalid_client"),
    ({"client_id": ""}, 401, "invalid_client"),
    ({"client_secret": ""}, 401, "invalid_client"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": ""}, 400, "invalid_request"),
    ({"scope": "everything"}, 400, "invalid_scope"),
    ({"client_secret": "x" * 300}, 400, "invalid_request"),
    ({"client_secret": "x\0"}, 400, "invalid_request"),
)


async def test_errors_are_those_of_rfc_6749(a: Api) -> None:
    """Section 5.2, with our two languages beside it."""
    for changed, status, error in ERRORS:
        answer = await a.client.post(TOKEN, data=form(a, **changed))
        body = await answer.json()
        assert (answer.status, body["error"]) == (status, error), changed
        assert answer.content_type == "application/json"
        assert body["error_description"].isascii()
        assert body["message"]["zh"]
        assert ("WWW-Authenticate" in answer.headers) is (status == 401)


async def test_credentials_come_in_one_way_only(a: Api) -> None:
    """Section 2.3: a client uses one method in a request; parameters are not repeated; the body is a form."""
    header = {"Authorization": "Basic eDp5"}
    assert (await (await a.client.post(TOKEN, data=form(a), headers=header)).json())["error"] == "invalid_request"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    assert (await (await a.client.post(TOKEN, data=twice, headers=kind)).json())["error"] == "invalid_request"
    assert (await (await a.client.post(TOKEN, json=form(a))).json())["error"] == "invalid_request"
    assert (await (await a.client.post(TOKEN, data="%ff=1", headers=kind)).json())["error"] == "invalid_request"
    for bad in ("Basic !!!", "Basic eA==", "Digest x", "Basic /w=="):
        answer = await a.client.post(TOKEN, data={"grant_type": "client_credentials"}, headers={"Authorization": bad})
        assert answer.status == 401


async def test_without_a_token_nothing_is_done(a: Api) -> None:
    """RFC 6750 section 3: a challenge, without an error code when nothing was sent."""
    answer = await a.client.get(DOMAIN)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="zhengming"'
    for sent in ("Bearer nonsense", "Bearer a.b.c", "Basic eDp5", "Bearer " + "x" * 5000):
        answer = await a.client.get(DOMAIN, headers={"Authorization": sent})
        assert answer.status == 401
        assert "invalid_token" in answer.headers["WWW-Authenticate"]
        assert (await answer.json())["reason"] == "credentials_wrong"


async def test_a_token_ends(a: Api, clock: FakeClock) -> None:
    """After an hour by our own clock, and not a second earlier."""
    await clock.move(seconds=3599)
    assert (await a.get(DOMAIN))[0].status == 404
    await clock.move(seconds=1)
    assert (await a.get(DOMAIN))[0].status == 401


async def test_a_token_does_what_its_scope_says(a: Api) -> None:
    """A narrower token is refused elsewhere (RFC 6750 section 3.1)."""
    reader = await sign_in(a.client, a.account, "read")
    assert (await reader.get(DOMAIN))[0].status == 404
    answer, body = await reader.post("/api/v1/domains", {"name": "x.政务", "uscc": ""})
    assert (answer.status, body["reason"]) == (403, "not_permitted")
    assert 'error="insufficient_scope", scope="register"' in answer.headers["WWW-Authenticate"]


async def test_a_revoked_client_is_out_at_once(a: Api) -> None:
    """Its token has not ended, but the register is asked each time."""
    assert (await a.get(DOMAIN))[0].status == 404
    db = a.client.server.app[CONTEXT].db  # type: ignore[union-attr]  # a TestServer has an app
    await db.execute("update api_client set revoked_at = now() where client_id = $1", a.account.client_id)
    assert (await a.get(DOMAIN))[0].status == 401


def test_only_our_own_tokens_are_read(a_tokens: Tokens, clock: FakeClock) -> None:
    """Another key, no signature, another type, another audience: refused."""
    grant = Grant("client", "registrar-a", frozenset({"read"}))
    token = a_tokens.issue(grant)
    assert a_tokens.read(token) == grant
    claims = jwt.decode(token, options={"verify_signature": False})
    key = a_tokens._key
    forged = (
        jwt.encode(claims, new_token(), algorithm="HS256", headers={"typ": "at+jwt"}),
        jwt.encode(claims, None, algorithm="none", headers={"typ": "at+jwt"}),
        jwt.encode(claims, key, algorithm="EdDSA"),
        jwt.encode({**claims, "aud": "elsewhere"}, key, algorithm="EdDSA", headers={"typ": "at+jwt"}),
        jwt.encode({**claims, "iss": "elsewhere"}, key, algorithm="EdDSA", headers={"typ": "at+jwt"}),
        jwt.encode({"sub": "client"}, key, algorithm="EdDSA", headers={"typ": "at+jwt"}),
        token[:-4] + "AAAA",
    )
    for one in forged:
        with pytest.raises(Refusal) as caught:
            a_tokens.read(one)
        assert caught.value.reason is Reason.CREDENTIALS_WRONG
