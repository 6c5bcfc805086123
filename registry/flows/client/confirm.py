"""Whether the holder of an access token may still act."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import MAY_LOG_IN, RegistrarStatus
from registry.store import registrars

ONLY_LOOK = frozenset({RegistrarStatus.READ_ONLY.value, RegistrarStatus.SUSPENDED.value})
MAY_SIGN_IN = frozenset(
    status.value for status in MAY_LOG_IN
)  # one that is held back may look; the rest is refused below


@dataclass(frozen=True, slots=True)
class ConfirmClient:
    """The client that signed in, the registrar that it spoke for then, and whether it is about to change something."""

    client_id: str
    registrar_id: str
    changes: bool = False


async def confirm_client(act: Act, order: ConfirmClient) -> None:
    """Refuses with CREDENTIALS_WRONG when the client was revoked or its registrar may not sign in any more.

    With NOT_PERMITTED what changes something, for a registrar that may only look.
    """
    found = await registrars.find_api_client(act.conn, order.client_id)
    if found is None or found["registrar_id"] != order.registrar_id or found["status"] not in MAY_SIGN_IN:
        raise Refusal(
            Reason.CREDENTIALS_WRONG,
            "这个客户端已被撤销，或其注册服务机构已停用",
            "this client was revoked, or its registrar may not sign in any more",
            where="Authorization",
        )
    if order.changes and found["status"] in ONLY_LOOK:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "账户目前只能查询，请与注册局联系",
            "the account may only look at present; please contact the registry",
            where="registrar",
            value=order.registrar_id,
        )
