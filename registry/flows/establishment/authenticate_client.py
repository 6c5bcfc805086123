"""Knowing a client of a data centre: by its secret when it signs in, by the register whenever it asks for something."""

from registry.flows.act import Act
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason, Refusal
from registry.policy.objects.secret import matches
from registry.store import push_clients
from registry.store.push_clients import PushClient


async def authenticate_centre_client(act: Act, client_id: str, secret: str) -> PushClient | None:
    """The client that signs in; None when no data centre has a client of this id, so that others may look for it.

    Refuses with ``CREDENTIALS_WRONG``, without saying what was wrong, a wrong secret and a revoked client.
    """
    client = await push_clients.find(act.conn, client_id)
    if client is None:
        return None
    if not matches(secret, client.secret_hash) or client.revoked_at is not None:
        zh, en = "客户端标识或密钥不正确", "the client id or the secret is wrong"
        raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="client_id", value=client_id)
    return client


async def confirm_centre_client(conn: "Connection[Record]", client_id: str, centre: str) -> None:
    """Refuses with ``CREDENTIALS_WRONG`` when the client was revoked since it got its token, or is no client of this centre."""
    client = await push_clients.find(conn, client_id)
    if client is None or client.centre != centre or client.revoked_at is not None:
        zh, en = "这个客户端已被撤销", "this client was revoked"
        raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="Authorization")
