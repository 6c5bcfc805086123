"""Creating a registrar's account."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.registrar.password import check_password, hash_password
from registry.flows.registrar.permission import already_exists
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Registrar, RegistrarStatus
from registry.policy.objects.identifier import check_identifier
from registry.store import registrars

MAX_NAME = 255  # the same bound as a contact's lines


@dataclass(frozen=True, slots=True)
class CreateRegistrar:
    """``id`` is the EPP clID (3 to 16 characters); ``password`` in clear; ``iana_id`` None when it has none."""

    id: str
    name: str
    password: str = field(repr=False)
    iana_id: int | None = None
    email: str = ""
    phone: str = ""
    url: str = ""
    address: str = ""


async def create_registrar(act: Act, order: CreateRegistrar) -> Registrar:
    """Create an active registrar.

    Refuses with ``SYNTAX_INVALID`` (id), ``VALUE_INVALID`` (name), ``VALUE_OUT_OF_RANGE`` (password), ``ALREADY_EXISTS``.
    """
    check_identifier(order.id)
    if not 0 < len(order.name.strip()) <= MAX_NAME:
        zh, en = f"名称须为 1 至 {MAX_NAME} 个字符", f"a name has 1 to {MAX_NAME} characters"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="name", value=order.name)
    check_password(order.password)
    password_hash = await hash_password(order.password)
    registrar = Registrar(order.id, order.name.strip(), order.iana_id, RegistrarStatus.ACTIVE, password_hash)
    try:
        await registrars.add(
            act.conn, registrar, email=order.email, phone=order.phone, url=order.url, address=order.address, at=act.now
        )
    except UniqueViolation:
        raise already_exists("注册服务机构", "registrar", where="id", value=order.id) from None
    await act.remember("registrar.created", order.id, _snapshot(order))
    return registrar


def _snapshot(order: CreateRegistrar) -> dict[str, object]:
    kept = ("id", "name", "iana_id", "email", "phone", "url", "address")
    return {key: getattr(order, key) for key in kept}
