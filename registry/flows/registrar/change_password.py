"""A new password (RFC 5730 section 2.9.1.1, ``newPW``)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.registrar.password import check_password, hash_password
from registry.flows.registrar.permission import not_found
from registry.store import registrars


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """In clear; the old one was checked by the login that carries this."""

    registrar_id: str
    new_password: str = field(repr=False)


async def change_password(act: Act, order: ChangePassword) -> None:
    """Replace it from the next login on. Refuses with ``VALUE_OUT_OF_RANGE`` (length), ``NOT_FOUND``."""
    check_password(order.new_password)
    password_hash = await hash_password(order.new_password)
    if not await registrars.set_password(act.conn, order.registrar_id, password_hash):
        raise not_found("注册服务机构", "registrar", where="clID", value=order.registrar_id)
    await act.remember("registrar.password_changed", order.registrar_id, {})
