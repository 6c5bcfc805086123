"""A REST client of a registrar: creating one, and knowing one again (OAuth 2.0 client credentials, RFC 6749 section 4.4)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes, new_public_id, new_token
from registry.model.registrar import MAY_LOG_IN
from registry.policy.objects.secret import SALT_OCTETS, hashed, matches
from registry.store import registrars

CLIENT_ID_BITS = 80  # public, but not to be guessed in bulk
_NOBODY = hashed("nobody", bytes(SALT_OCTETS))
_MAY_CALL = frozenset(status.value for status in MAY_LOG_IN)


@dataclass(frozen=True, slots=True)
class CreateApiClient:
    """For which registrar; ``client_id`` and ``secret`` are drawn unless they are given (demo data)."""

    registrar_id: str
    client_id: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """``secret`` is told once and kept only as a hash."""

    client_id: str
    secret: str = field(repr=False)
    registrar_id: str


async def create_api_client(act: Act, order: CreateApiClient) -> ApiClient:
    """Draw an id and a secret of 256 bits. Refuses with ``NOT_FOUND`` (registrar)."""
    client = ApiClient(
        order.client_id or new_public_id(CLIENT_ID_BITS).lower(), order.secret or new_token(), order.registrar_id
    )
    secret_hash = hashed(client.secret, new_bytes(SALT_OCTETS))
    try:
        await registrars.add_api_client(act.conn, client.client_id, order.registrar_id, secret_hash, act.now)
    except ForeignKeyViolation:
        raise not_found("注册服务机构", "registrar", where="registrar", value=order.registrar_id) from None
    await act.remember("registrar.client_created", order.registrar_id, {"client_id": client.client_id})
    return client


async def authenticate_api_client(act: Act, client_id: str, secret: str) -> str:
    """The registrar's id. ``CREDENTIALS_WRONG``, without saying what was wrong, for everything else."""
    row = await registrars.find_api_client(act.conn, client_id)
    is_right = matches(secret, row["secret_hash"] if row else _NOBODY)
    if row is None or not is_right or row["status"] not in _MAY_CALL:
        raise Refusal(
            Reason.CREDENTIALS_WRONG,
            "客户端标识或密钥不正确",
            "the client id or the secret is wrong",
            where="client_id",
            value=client_id,
        )
    registrar_id: str = row["registrar_id"]
    return registrar_id
