"""Registering a name for a body that the establishment database knows, in one step: verification, decision, creation.

This is what a registrar's REST order means: the code that it names is checked against the database by the same decision
that a ``domain`` verification code rests on, so no code has to be fetched first and brought back.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.flows.act import Act
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.naming.judge import judge_name
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a
from registry.model.answer import CreatedDomain
from registry.model.decision import REFUSE, Decision
from registry.policy.codes import check_uscc

# The refusals that the name decision explains better: it has all findings, not only the first.
EXPLAINED = (Reason.NAME_INVALID, Reason.NAME_REFUSED, Reason.ALREADY_EXISTS)


@dataclass(frozen=True, slots=True)
class RegisterName:
    """``name`` as a person writes it; it is mapped. ``years`` None takes the zone's default.

    ``traditional`` is the traditional spelling that goes with it, chosen among the table's; empty takes the proposed one.
    """

    name: str
    uscc: str
    years: int | None = None
    traditional: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """The name stands in the register."""

    name: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reviewer decides about the application."""

    name: str
    application_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was registered; the findings say why and what would pass."""

    decision: Decision


async def register_name(act: Act, order: RegisterName) -> Registered | Waiting | Refused:
    """Create the domain, put it before a reviewer, or say why not.

    Refuses as :func:`registry.flows.domain.create.create_domain` does for everything that the name decision does not explain
    (NOT_PERMITTED, VALUE_OUT_OF_RANGE …).
    """
    try:
        made = await _created(act, order)
    except Refusal as refusal:
        if refusal.reason not in EXPLAINED:
            raise
        return await _explained(act, order, refusal)
    if made.is_pending:
        return Waiting(made.name, made.application_id)
    return Registered(made.name, made.expires_at)


async def _created(act: Act, order: RegisterName) -> CreatedDomain:
    """Within a savepoint, so that the act can go on and explain after a refusal."""
    code = check_uscc(order.uscc)
    if not isinstance(code, str):
        raise Refusal(Reason.NAME_REFUSED, code.text.zh, code.text.en, where=code.where, value=code.value)
    try:
        name = to_a(map_people(order.name).text)
    except ValueError as error:
        raise Refusal(Reason.NAME_INVALID, "域名不合规范", str(error), where="name", value=order.name) from error
    async with act.conn.transaction():
        return await create_domain(act, CreateDomain(name, order.years, uscc=code, traditional=order.traditional))


async def _explained(act: Act, order: RegisterName, refusal: Refusal) -> Refused:
    decision, _ = await judge_name(act, order.name, order.uscc, mapped=True)
    if decision.decision != REFUSE:
        raise refusal
    return Refused(decision)
