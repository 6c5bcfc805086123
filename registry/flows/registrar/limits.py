"""What a registrar, or one of its users, may do and how much of it: rights by command, rate, sessions. Operators decide."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import no_registrar, require_operator, require_own
from registry.flows.registrar.users import no_user
from registry.kernel.errors import Reason, Refusal
from registry.model.registrar import Limits, Right
from registry.store import registrar_users, registrars

MAX_RATE = 100_000.0  # commands a second; more than any installation of ours answers, so a slip of the finger is seen
MAX_BURST = 1_000_000
MAX_SESSIONS = 100_000


@dataclass(frozen=True, slots=True)
class SetLimits:
    """``user_id`` empty: the registrar as a whole."""

    registrar_id: str
    limits: Limits
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class SetRights:
    """Likewise."""

    registrar_id: str
    rights: frozenset[Right]
    user_id: str = ""


async def set_limits(act: Act, order: SetLimits) -> None:
    """From the next command on, in running sessions too. Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``, ``VALUE_OUT_OF_RANGE``."""
    require_operator(act, order.registrar_id)
    _check(order.limits)
    if order.user_id:
        if not await registrar_users.set_limits(act.conn, order.registrar_id, order.user_id, order.limits):
            raise no_user(order.user_id)
    elif not await registrars.set_limits(act.conn, order.registrar_id, order.limits):
        raise no_registrar(order.registrar_id)
    limits = order.limits
    snapshot = {"user": order.user_id, "rate": limits.rate, "burst": limits.burst, "sessions": limits.sessions}
    await act.remember("registrar.limits_changed", order.registrar_id, snapshot)


async def set_rights(act: Act, order: SetRights) -> None:
    """From the next command on, in running sessions too. A registrar sets those of its users, an operator also its own.

    Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``.
    """
    if order.user_id:
        require_own(act, order.registrar_id)
        if not await registrar_users.set_rights(act.conn, order.registrar_id, order.user_id, order.rights):
            raise no_user(order.user_id)
    else:
        require_operator(act, order.registrar_id)
        if not await registrars.set_rights(act.conn, order.registrar_id, order.rights):
            raise no_registrar(order.registrar_id)
    snapshot = {"user": order.user_id, "rights": sorted(order.rights)}
    await act.remember("registrar.rights_changed", order.registrar_id, snapshot)


def _check(limits: Limits) -> None:
    bounds = (
        ("rate", limits.rate, 0.01, MAX_RATE),
        ("burst", limits.burst, 1, MAX_BURST),
        ("sessions", limits.sessions, 1, MAX_SESSIONS),
    )
    for where, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            zh, en = f"{where} 须在 {least:g} 至 {most:g} 之间", f"{where} must be {least:g} to {most:g}"
            raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where=where, value=f"{value:g}")
