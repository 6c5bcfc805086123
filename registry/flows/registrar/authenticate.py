"""Who logs in (RFC 5730 section 2.9.1.1)."""

from dataclasses import dataclass, field

from registry.flows.registrar.password import is_password
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Registrar, RegistrarStatus
from registry.store import registrars

MAY_LOG_IN = frozenset({RegistrarStatus.ACTIVE, RegistrarStatus.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Authenticate:
    """``spki_sha256`` is the key of the client certificate of the TLS session, None when there was none."""

    registrar_id: str
    password: str = field(repr=False)
    spki_sha256: bytes | None


async def authenticate(runner: Runner, order: Authenticate) -> Registrar:
    """The registrar when id, password and certificate belong together and it may log in.

    ``CREDENTIALS_WRONG`` for everything else, in one sentence and after the same time, whatever was wrong. It takes the
    runner, not an act: no connection of the pool may wait while a password is hashed.
    """
    async with runner.db.connection() as conn:
        found = await registrars.find_with_key(conn, order.registrar_id, order.spki_sha256, runner.clock.now())
    registrar, has_key = found or (None, False)
    knows_password = await is_password(order.password, registrar.password_hash if registrar else None)
    if registrar is None or not has_key or not knows_password or registrar.status not in MAY_LOG_IN:
        raise Refusal(
            Reason.CREDENTIALS_WRONG,
            "账户、口令或客户端证书不正确",
            "the account, the password or the client certificate is wrong",
            where="clID",
            value=order.registrar_id,
        )
    return registrar
