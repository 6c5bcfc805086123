"""A client for the system of a data centre."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.establishment.scopes import CENTRE_SCOPES
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes, new_public_id, new_token
from registry.policy.objects.secret import SALT_OCTETS, hashed
from registry.store import push_clients

CLIENT_ID_BITS = 80  # public, but not to be guessed in bulk
MAX_NOTE = 200  # characters: what the client is for, on one line of a list


@dataclass(frozen=True, slots=True)
class CreateCentreClient:
    """``centre`` is ``00`` or the first two digits of a province; ``note`` says what the client is for."""

    centre: str
    scopes: tuple[str, ...] = CENTRE_SCOPES
    note: str = ""


@dataclass(frozen=True, slots=True)
class CentreClient:
    """``secret`` is told once and kept only as a hash."""

    client_id: str
    secret: str = field(repr=False)
    centre: str
    scopes: tuple[str, ...]


async def create_centre_client(act: Act, order: CreateCentreClient) -> CentreClient:
    """Draw an id and a secret of 256 bits.

    Refuses with ``NOT_FOUND`` (centre), ``VALUE_INVALID`` (unknown or no scope), ``TOO_LARGE`` (note).
    """
    _check(order)
    client = CentreClient(new_public_id(CLIENT_ID_BITS).lower(), new_token(), order.centre, order.scopes)
    secret_hash = hashed(client.secret, new_bytes(SALT_OCTETS))
    try:
        await push_clients.add(
            act.conn, client.client_id, order.centre, order.scopes, order.note, secret_hash, act.now, act.caller.actor
        )
    except ForeignKeyViolation:
        zh, en = "没有这个数据中心", "there is no such data centre"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="centre", value=order.centre) from None
    told = {"client_id": client.client_id, "scopes": list(order.scopes), "note": order.note}
    await act.remember("centre.client_created", order.centre, told)
    return client


def _check(order: CreateCentreClient) -> None:
    if not order.scopes or not set(order.scopes) <= set(CENTRE_SCOPES):
        known = " ".join(CENTRE_SCOPES)
        zh, en = f"可用的范围：{known}", f"the scopes are: {known}"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="scope", value=" ".join(order.scopes))
    if len(order.note) > MAX_NOTE:
        zh, en = f"说明过长（上限 {MAX_NOTE} 个字符）", f"the note is too long (at most {MAX_NOTE} characters)"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="note")
