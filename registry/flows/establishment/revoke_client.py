"""A client of a data centre taken back: it is out at its next request, whatever its token says."""

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.store import push_clients


async def revoke_centre_client(act: Act, client_id: str) -> str:
    """The centre whose client it was. Refuses with ``NOT_FOUND`` a client that is unknown or was revoked before."""
    centre = await push_clients.revoke(act.conn, client_id, act.now, act.caller.actor)
    if centre is None:
        zh, en = "没有这个客户端，或已被撤销", "there is no such client, or it was revoked already"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="client_id", value=client_id)
    await act.remember("centre.client_revoked", centre, {"client_id": client_id})
    return centre
