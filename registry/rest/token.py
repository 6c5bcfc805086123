"""``POST /api/v1/token``: OAuth 2.0 client credentials (RFC 6749 sections 2.3.1, 4.4, 5).

The client authenticates with HTTP Basic or with ``client_id`` and ``client_secret`` in the form, never with both.
Errors have the form of RFC 6749 section 5.2, which clients know, with our two languages beside it.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote_plus

from registry.flows.act import Act, Caller
from registry.flows.establishment.authenticate_client import authenticate_centre_client
from registry.flows.registrar.api_client import authenticate_api_client
from registry.kernel.errors import Reason, Refusal
from registry.rest.auth import REGISTRAR_SCOPES, SCOPES, Grant
from registry.rest.door import Answer, Asked, Door, to_json

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 8  # grant_type, scope, client_id, client_secret, and what a client may add
MAX_VALUE = 200  # our ids and secrets have under 60 characters
FIELDS = ("grant_type", "scope", "client_id", "client_secret")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks; ``basic`` says that they came in the Authorization header."""

    client_id: str
    secret: str = field(repr=False)
    basic: bool


class OAuthError(Exception):
    """An error of RFC 6749 section 5.2: ``code``, and a sentence in both languages."""

    def __init__(self, code: str, zh: str, en: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.zh = zh
        self.en = en
        self.status = status


async def issue_token(door: Door, asked: Asked) -> Answer:
    """A bearer token for a client that gives its id and secret."""
    try:
        form = _form(asked)
        credentials = _credentials(asked, form)
        scopes = _scopes(form)
        door.limits.ask_for_token(credentials.client_id, asked.request.remote)
        grant = await _sign_in(door, credentials)
        grant = replace(grant, scopes=_within(scopes, grant))
    except OAuthError as error:
        return _refused(error)
    token, scope = door.tokens.issue(grant), _joined(grant.scopes)
    body = {"access_token": token, "token_type": "Bearer", "expires_in": door.tokens.seconds, "scope": scope}
    return Answer(200, to_json(body), {"Cache-Control": "no-store", "Pragma": "no-cache"})


async def _sign_in(door: Door, credentials: Credentials) -> Grant:
    """Whom the client speaks for, with all scopes that it may ask for."""

    async def flow(act: Act) -> Grant:
        client_id, secret = credentials.client_id, credentials.secret
        client = await authenticate_centre_client(act, client_id, secret)
        if client is not None:
            return Grant(client_id, "", frozenset(client.scopes), client.centre)
        return Grant(client_id, await authenticate_api_client(act, client_id, secret), frozenset(REGISTRAR_SCOPES))

    try:
        return await door.runner.run(Caller("client", credentials.client_id), flow)
    except Refusal as refusal:
        if refusal.reason is not Reason.CREDENTIALS_WRONG:
            raise
        raise OAuthError("invalid_client", refusal.text.zh, refusal.text.en, 401) from refusal


def _form(asked: Asked) -> dict[str, str]:
    if asked.request.content_type != FORM:
        raise OAuthError("invalid_request", f"Content-Type 须为 {FORM}", f"the Content-Type must be {FORM}")
    try:
        pairs = parse_qsl(
            asked.body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise OAuthError("invalid_request", "表单无法解读", "the form cannot be read") from error
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise OAuthError("invalid_request", "参数重复", "a parameter is repeated")
    if any(len(value) > MAX_VALUE or "\0" in value for name, value in pairs if name in FIELDS):
        raise OAuthError("invalid_request", "参数过长", "a parameter is too long")
    if dict(pairs).get("grant_type") != "client_credentials":
        code = "unsupported_grant_type" if "grant_type" in names else "invalid_request"
        raise OAuthError(code, "grant_type 须为 client_credentials", "grant_type must be client_credentials")
    return dict(pairs)


def _credentials(asked: Asked, form: dict[str, str]) -> Credentials:
    header = asked.request.headers.get("Authorization", "")
    in_form = "client_secret" in form
    if header and in_form:
        raise OAuthError("invalid_request", "只能用一种方式出示凭据", "present the credentials in one way only")
    if header:
        return _basic(header)
    if not in_form or not form.get("client_id"):
        raise OAuthError(
            "invalid_client", "缺少 client_id 或 client_secret", "client_id or client_secret is missing", 401
        )
    return Credentials(form["client_id"], form["client_secret"], basic=False)


def _basic(header: str) -> Credentials:
    """RFC 6749 section 2.3.1: both halves are form-encoded before they are joined."""
    scheme, _, value = header.partition(" ")
    wrong = OAuthError("invalid_client", "Authorization 头无法解读", "the Authorization header cannot be read", 401)
    if scheme.lower() != "basic":
        raise wrong
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        client_id, colon, secret = text.partition(":")
        client_id, secret = unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    if not colon or not client_id or max(len(client_id), len(secret)) > MAX_VALUE or "\0" in client_id + secret:
        raise wrong
    return Credentials(client_id, secret, basic=True)


def _scopes(form: dict[str, str]) -> frozenset[str]:
    """What was asked for; nothing stands for everything that the client may have."""
    asked = frozenset(form.get("scope", "").split())
    if not asked <= frozenset(SCOPES):
        raise _scope_error(SCOPES)
    return asked


def _within(asked: frozenset[str], grant: Grant) -> frozenset[str]:
    if not asked <= grant.scopes:
        raise _scope_error(one for one in SCOPES if one in grant.scopes)
    return asked or grant.scopes


def _scope_error(scopes: Iterable[str]) -> OAuthError:
    known = " ".join(scopes)
    return OAuthError("invalid_scope", f"可用的范围：{known}", f"the scopes are: {known}")


def _joined(scopes: frozenset[str]) -> str:
    return " ".join(one for one in SCOPES if one in scopes)


def _refused(error: OAuthError) -> Answer:
    body = {"error": error.code, "error_description": error.en, "message": {"zh": error.zh, "en": error.en}}
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="zhengming", charset="UTF-8"'
    return Answer(error.status, to_json(body), headers)
