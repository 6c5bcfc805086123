"""A new password (RFC 5730 section 2.9.1.1, ``newPW``)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.registrar.password import check_password, hash_password
from registry.flows.registrar.permission import not_found
from registry.store import registrar_users, registrars


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """In clear; who may change it was settled by whoever calls this. ``user_id`` empty: the registrar's own login."""

    registrar_id: str
    new_password: str = field(repr=False)
    user_id: str = ""


async def change_password(act: Act, order: ChangePassword) -> None:
    """Replace it from the next login on. Refuses with ``VALUE_OUT_OF_RANGE`` (length), ``NOT_FOUND``."""
    check_password(order.new_password)
    password_hash = await hash_password(order.new_password)
    if order.user_id:
        found = await registrar_users.set_password(act.conn, order.registrar_id, order.user_id, password_hash)
    else:
        found = await registrars.set_password(act.conn, order.registrar_id, password_hash)
    if not found:
        raise not_found("登录账户", "login", where="clID", value=order.user_id or order.registrar_id)
    snapshot = {"user": order.user_id} if order.user_id else {}
    await act.remember("registrar.password_changed", order.registrar_id, snapshot)
