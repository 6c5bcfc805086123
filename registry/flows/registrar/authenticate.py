"""Who logs in (RFC 5730 section 2.9.1.1)."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from registry.flows.registrar.password import is_password
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Standing
from registry.store import registrars


@dataclass(frozen=True, slots=True)
class Authenticate:
    """``login_id`` is a registrar's id or a user's; ``spki_sha256`` the key of the client certificate, None when there was none.

    ``certificate_ends`` is the end of the certificate that TLS checked, so one that was renewed over a bound key counts.
    ``address`` is where it comes from; empty where no network stands between (tests, the operator's own tools).
    """

    login_id: str
    password: str = field(repr=False)
    spki_sha256: bytes | None
    address: str = ""
    certificate_ends: datetime | None = None


async def authenticate(runner: Runner, order: Authenticate) -> Standing:
    """The login when id, password, certificate and address belong together and it may log in.

    ``CREDENTIALS_WRONG`` for everything else, in one sentence and after the same time, whatever was wrong (for the operator alone it
    stands in the evidence as ``cause``). It takes the runner, not an act: no connection of the pool may wait while a password is hashed.
    """
    async with runner.db.connection() as conn:
        found = await registrars.find_standing(conn, order.login_id, order.spki_sha256)
    knows_password = await is_password(order.password, found.password_hash if found else None)
    cause = _wrong(order, found, runner.clock.now(), knows_password=knows_password)
    if found is None or cause:
        raise Refusal(
            Reason.CREDENTIALS_WRONG,
            "账户、口令或客户端证书不正确",
            "the account, the password or the client certificate is wrong",
            where="clID",
            value=order.login_id,
            evidence={"cause": cause},
        )
    if found.key_ends and order.spki_sha256 and order.certificate_ends and found.key_ends < order.certificate_ends:
        async with runner.db.connection() as conn:
            await registrars.put_off_end(conn, found.id, order.spki_sha256, order.certificate_ends)
        return replace(found, key_ends=order.certificate_ends)
    return found


def _wrong(order: Authenticate, found: Standing | None, now: datetime, *, knows_password: bool) -> str:
    if found is None:
        return "account"
    if found.key_ends is None:
        return "key"
    if max(found.key_ends, order.certificate_ends or found.key_ends) <= now:
        return "key ended"
    if not knows_password:
        return "password"
    if not found.is_welcome:
        return "state"
    return "" if not order.address or found.may_come_from(order.address) else "network"
