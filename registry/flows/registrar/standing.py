"""Logins as they stand now: state, rights, key and networks."""

from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Standing
from registry.store import registrars


async def read_standing(runner: Runner, login_id: str, spki_sha256: bytes | None) -> Standing | None:
    """The login as it stands, None when there is none. One statement."""
    async with runner.db.connection() as conn:
        return await registrars.find_standing(conn, login_id, spki_sha256)


async def owner_of_key(runner: Runner, spki_sha256: bytes) -> tuple[str, str] | None:
    """The registrar that a key speaks for and the one user that may use it (empty: all), or None."""
    async with runner.db.connection() as conn:
        return await registrars.owner_of_key(conn, spki_sha256)


def stopped(login_id: str) -> Refusal:
    """What is told to somebody whose session has to end (``SESSION_REFUSED``, EPP 2501)."""
    return Refusal(
        Reason.SESSION_REFUSED,
        "账户已停用，客户端证书已撤销、已到期，或来源地址已不在许可范围，会话结束；请与注册局联系",
        "the account was ended, the client certificate was revoked or is over, or the address is no longer allowed, and so the session"
        " ends; please contact the registry",
        where="clID",
        value=login_id,
    )
