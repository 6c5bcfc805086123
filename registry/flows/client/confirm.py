"""Whether the holder of an access token may still act."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import RegistrarStatus
from registry.store import registrars

MAY_SIGN_IN = (RegistrarStatus.ACTIVE, RegistrarStatus.SUSPENDED)  # a suspended one may look; the flows refuse the rest


@dataclass(frozen=True, slots=True)
class ConfirmClient:
    """The client that signed in, and the registrar that it spoke for then."""

    client_id: str
    registrar_id: str


async def confirm_client(act: Act, order: ConfirmClient) -> None:
    """Refuses with CREDENTIALS_WRONG when the client was revoked or its registrar may not sign in any more."""
    found = await registrars.find_api_client(act.conn, order.client_id)
    if found is None or found["registrar_id"] != order.registrar_id or found["status"] not in MAY_SIGN_IN:
        raise Refusal(
            Reason.CREDENTIALS_WRONG,
            "这个客户端已被撤销，或其注册服务机构已停用",
            "this client was revoked, or its registrar may not sign in any more",
            where="Authorization",
        )
