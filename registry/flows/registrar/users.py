"""Users: logins of a registrar beside its own, each with a password, rights and limits of its own."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.registrar.password import check_password, hash_password
from registry.flows.registrar.permission import already_exists, check_reason, no_registrar, not_found, require_own
from registry.kernel.db import ForeignKeyViolation, UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import ALL_RIGHTS, PRESETS, Right, UserStatus
from registry.policy.objects.identifier import check_identifier
from registry.store import registrar_users

MAX_USERS = 50  # of one registrar; a department each and room for more, and every list stays a page
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class CreateUser:
    """``id`` is what stands in ``clID`` at login (3 to 16 characters, no other login's); ``password`` in clear."""

    registrar_id: str
    id: str
    password: str = field(repr=False)
    name: str = ""
    rights: frozenset[Right] = ALL_RIGHTS


@dataclass(frozen=True, slots=True)
class SetUserStatus:
    """``ended`` is for good; ``reason`` is kept."""

    registrar_id: str
    user_id: str
    status: UserStatus
    reason: str


async def create_user(act: Act, order: CreateUser) -> None:
    """Add a login. The registrar does it for its own, or an operator.

    Refuses with ``NOT_PERMITTED``, ``NOT_FOUND`` (registrar), ``SYNTAX_INVALID`` (id), ``VALUE_OUT_OF_RANGE`` (password),
    ``VALUE_INVALID`` (name), ``ALREADY_EXISTS`` (the id is a login already), ``POLICY_FORBIDS`` (too many).
    """
    require_own(act, order.registrar_id)
    check_identifier(order.id)
    if len(order.name) > MAX_NAME or not (order.name.isprintable() or not order.name):
        zh, en = f"名称不超过 {MAX_NAME} 个字符", f"a name has at most {MAX_NAME} printable characters"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="name")
    check_password(order.password)
    if not await registrar_users.lock(act.conn, order.registrar_id):
        raise no_registrar(order.registrar_id)
    if len(await registrar_users.listed(act.conn, order.registrar_id)) >= MAX_USERS:
        zh, en = f"用户至多 {MAX_USERS} 个", f"a registrar has at most {MAX_USERS} users"
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="id")
    password_hash = await hash_password(order.password)
    try:
        await registrar_users.add(
            act.conn, order.id, order.registrar_id, order.name, password_hash, order.rights, act.now
        )
    except UniqueViolation:
        raise already_exists("登录账户", "login", where="id", value=order.id) from None
    except ForeignKeyViolation:
        raise no_registrar(order.registrar_id) from None
    snapshot = {"user": order.id, "name": order.name, "rights": sorted(order.rights)}
    await act.remember("registrar.user_created", order.registrar_id, snapshot)


async def set_user_status(act: Act, order: SetUserStatus) -> None:
    """Stop a login, or let it in again; its open sessions end within a second.

    Refuses with ``NOT_PERMITTED``, ``PARAMETER_MISSING`` (reason), ``NOT_FOUND`` (no such user, or one that was ended).
    """
    require_own(act, order.registrar_id)
    reason = check_reason(order.reason)
    if not await registrar_users.set_status(act.conn, order.registrar_id, order.user_id, order.status, reason):
        raise no_user(order.user_id)
    snapshot = {"user": order.user_id, "status": order.status.value, "reason": reason}
    await act.remember("registrar.user_status_changed", order.registrar_id, snapshot)


def no_user(user_id: str) -> Refusal:
    """The refusal for a user that the registrar does not have."""
    return not_found("用户", "user", where="user", value=user_id)


def rights_from(text: str) -> frozenset[Right]:
    """``full``, ``read-only``, ``no-delete`` … or rights with commas between: ``create,update``. Refuses with ``VALUE_INVALID``."""
    if text in PRESETS:
        return PRESETS[text]
    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        return frozenset(map(Right, words))
    except ValueError:
        known = " ".join((*PRESETS, *Right))
        zh, en = f"没有这样的权限；可用：{known}", f"there is no such right; there are: {known}"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="rights", value=text[:100]) from None
