"""Issuing an allocation token (RFC 8495): from now on the name goes only to who shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.flows.act import Act
from registry.flows.domain.label import label_of, not_our_zone
from registry.flows.registrar.permission import check_reason, no_registrar, require_operator
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.names import split, to_a
from registry.store import registrars, tlds, tokens
from registry.store.tokens import Token

ACTS = ("create", "transfer")
DEFAULT_DAYS = 30
MAX_DAYS = 366  # a name that is set aside longer than a year is a word for the reserved lists


@dataclass(frozen=True, slots=True)
class IssueToken:
    """``name`` in either form; every spelling of it is meant. ``registrar_id`` None: whichever registrar shows the token.

    ``valid_from`` None: from now on.
    """

    name: str
    reason: str
    act: str = "create"
    registrar_id: str | None = None
    valid_from: datetime | None = None
    days: int = DEFAULT_DAYS


async def issue_token(act: Act, order: IssueToken) -> Token:
    """Write it; the answer holds the secret.

    Refuses with ``NOT_PERMITTED`` (no operator), ``NAME_INVALID``, ``NOT_FOUND`` (registrar), ``VALUE_INVALID`` (act),
    ``VALUE_OUT_OF_RANGE`` (days), ``PARAMETER_MISSING`` (reason).
    """
    require_operator(act, order.registrar_id or "")
    reason = check_reason(order.reason)
    if order.act not in ACTS:
        raise Refusal(
            Reason.VALUE_INVALID,
            "用途只能是 create 或 transfer",
            "the act is create or transfer",
            where="act",
            value=order.act,
        )
    if not 1 <= order.days <= MAX_DAYS:
        zh, en = f"有效期为 1 至 {MAX_DAYS} 天", f"a token is valid for 1 to {MAX_DAYS} days"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where="days", value=str(order.days))
    if order.registrar_id is not None and await registrars.find(act.conn, order.registrar_id) is None:
        raise no_registrar(order.registrar_id)
    made = await _made(act, order, reason)
    number = await tokens.add(act.conn, made)
    await act.remember("token.issued", subject_of(number), snapshot_of(made))
    return Token(**{field: getattr(made, field) for field in made.__slots__} | {"id": number})


async def _made(act: Act, order: IssueToken, reason: str) -> Token:
    name = _a_form(order.name)
    label = label_of(name)
    zone = await tlds.find(act.conn, split(name)[1])
    if zone is None:
        raise not_our_zone(order.name)
    begins = order.valid_from or act.now
    return Token(
        id=0,
        token=new_token(),
        act=order.act,
        name=f"{label.a}.{zone.name}",
        tld_set=zone.tld_set,
        table_id=zone.table_id,
        index_label=label.index,
        registrar_id=order.registrar_id,
        valid_from=begins,
        valid_until=begins + timedelta(days=order.days),
        issued_at=act.now,
        issued_by=act.caller.actor,
        reason=reason,
    )


def _a_form(name: str) -> str:
    try:
        return to_a(name.strip())
    except ValueError:
        return name.strip().lower()  # the label says what is wrong with it


def subject_of(number: int) -> str:
    """A token as history, audit and feed name it."""
    return f"token-{number}"


def snapshot_of(token: Token) -> dict[str, object]:
    """What history keeps of a token: everything but the secret."""
    return {
        "act": token.act,
        "name": token.name,
        "registrar": token.registrar_id,
        "valid_from": token.valid_from.isoformat(),
        "valid_until": token.valid_until.isoformat(),
        "issued_by": token.issued_by,
        "reason": token.reason,
    }
