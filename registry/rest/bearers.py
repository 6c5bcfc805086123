"""Reads access tokens for the other doors of the web process, which make none (``registry/kernel/web/bearers.py``)."""

from registry.flows.act import Act, Caller
from registry.flows.client.confirm import ConfirmClient, confirm_client
from registry.flows.establishment.authenticate_client import confirm_centre_client
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.bearers import Bearer, Bearers
from registry.rest.auth import Grant, Tokens


def bearers(runner: Runner) -> Bearers:
    """The value of ``Authorization`` to who it is; ``CREDENTIALS_WRONG`` unless the token is ours, has not ended, and its client still exists."""
    tokens = Tokens(runner.config, runner.clock)

    async def read(authorization: str) -> Bearer:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            zh, en = "请出示访问令牌", "please present an access token"
            raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="Authorization")
        grant = tokens.read(token.strip())
        await runner.read(_caller(grant), lambda act: _confirm(act, grant))
        return Bearer(grant.client_id, grant.registrar_id, grant.centre, grant.scopes)

    return read


def _caller(grant: Grant) -> Caller:
    if grant.centre:
        return Caller("centre", grant.centre, behind=f"client:{grant.client_id}")
    return Caller("registrar", grant.registrar_id)


async def _confirm(act: Act, grant: Grant) -> None:
    if grant.centre:
        await confirm_centre_client(act.conn, grant.client_id, grant.centre)
    else:
        await confirm_client(act, ConfirmClient(grant.client_id, grant.registrar_id))
