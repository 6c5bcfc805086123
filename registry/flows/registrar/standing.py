"""Whether a registrar that logged in may still speak: its status and its key as they are now."""

from dataclasses import dataclass

from registry.flows.registrar.authenticate import MAY_LOG_IN
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.store import registrars


@dataclass(frozen=True, slots=True)
class Standing:
    """``spki_sha256`` is the key of the client certificate of the session."""

    registrar_id: str
    spki_sha256: bytes | None


async def check_standing(runner: Runner, order: Standing) -> None:
    """Refuse (``SESSION_REFUSED``, EPP 2501) a registrar that was terminated and a key that was revoked or whose time is over."""
    async with runner.db.connection() as conn:
        found = await registrars.find_with_key(conn, order.registrar_id, order.spki_sha256, runner.clock.now())
    if found and found[1] and found[0].status in MAY_LOG_IN:
        return
    raise Refusal(
        Reason.SESSION_REFUSED,
        "账户已停用，或客户端证书已撤销、已到期，会话结束；请与注册局联系",
        "the account was ended, or the client certificate was revoked or is over, and so is the session; please contact the registry",
        where="clID",
        value=order.registrar_id,
    )
