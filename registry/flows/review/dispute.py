"""名称争议: two bodies want one name. Their applications are decided together, on one page, by two people, and every side gets the reasons.

While rivals are open none of them can be approved alone. A reviewer whose reach holds them all chooses who gets the name: that is an
opinion about each of them at once. Another person who makes the same choice decides it; one who chooses otherwise begins anew with his own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.flows.act import Act
from registry.flows.domain.label import label_of
from registry.flows.domain.settle_application import SettleDomainApplication, settle_domain_application
from registry.flows.responsible.standing import check_answered
from registry.flows.review.decide import check_reviewer
from registry.flows.review.reach import find_within
from registry.flows.review.told import tell_outcome
from registry.flows.said import said_text
from registry.kernel.errors import Reason, Refusal
from registry.model.application import Move, Stage
from registry.model.body import Body
from registry.model.jurisdiction import rank
from registry.model.person import Person
from registry.store import application_lists, applications, bodies, responsible
from registry.store.applications import Application, Step

_LEVEL_RANK = {"central": 4, "province": 3, "city": 2, "county": 1, "town": 0}


@dataclass(frozen=True, slots=True)
class Claim:
    """One side. ``is_exact``: the label is its full name or its 规范简称; ``names`` are its names in the register, by role."""

    application: Application
    body: Body | None
    level: str
    is_exact: bool
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """All sides, the strongest first by the rule of :func:`strength`. ``chosen`` is who was proposed, by ``proposed_by``."""

    claims: tuple[Claim, ...]
    chosen: str
    proposed_by: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class SettleDispute:
    """``winner`` is the application that gets the name; ``application_id`` any of the group; ``seen`` the group as the page showed it."""

    application_id: str
    winner: str
    reason: str
    seen: tuple[str, ...] = ()


def strength(claim: Claim) -> tuple[bool, int, float]:
    """How strong a claim is, for the order of the page and nothing else: a name borne exactly, then the level, then who came first."""
    return claim.is_exact, _LEVEL_RANK.get(claim.level, 0), -claim.application.created_at.timestamp()


async def read_dispute(act: Act, person: Person, application_id: str) -> Dispute:
    """Everything side by side; one side, or none, when there is no dispute (any more). Refuses with NOT_FOUND what he does not see."""
    _, group = await _group(act, person, application_id)
    claims = sorted([await _claim(act, one) for one in group], key=strength, reverse=True)
    endorsed = next((one for one in group if one.stage == Stage.ENDORSED), None)
    may = await _may(act, person, group)
    return Dispute(tuple(claims), endorsed.id if endorsed else "", endorsed.proposed_by if endorsed else "", may)


async def settle_dispute(act: Act, by: Person, order: SettleDispute) -> bool:
    """Give an opinion about the whole group, or decide it when another person gave the same; whether it is decided now.

    Refuses with NOT_FOUND, NOT_PERMITTED (his reach does not hold every side; an interest; his own opinion), STATUS_FORBIDS (the group
    changed since he looked, one is being corrected), VALUE_INVALID (the winner is none of them), PARAMETER_MISSING (reason), and with
    what the creation of the name refuses, when nothing was decided.
    """
    _, group = await _group(act, by, order.application_id, lock=True)
    reason = said_text(order.reason, "审定争议须写明理由", "to settle a dispute needs a reason")
    await _check(act, by, group, order)
    endorsed = next((one for one in group if one.stage == Stage.ENDORSED), None)
    is_same = endorsed is not None and endorsed.id == order.winner and all(one.proposed_by for one in group)
    if endorsed is None or not is_same:
        await _propose(act, by, group, order.winner, reason)
        return False
    if endorsed.proposed_by == by.actor:
        raise Refusal(
            Reason.NOT_PERMITTED, "初审人不能复核自己的意见，请由另一人复核", "nobody decides on his own opinion; another reviewer must",
            where="reviewer", value=by.username,
        )  # fmt: skip
    for one in sorted(
        group, key=lambda one: one.id == order.winner
    ):  # the losers first: the name must be nobody's when it is given
        await _settle(act, by, one, reason, is_winner=one.id == order.winner)
    return True


async def _propose(act: Act, by: Person, group: Sequence[Application], winner: str, reason: str) -> None:
    for one in group:
        is_winner = one.id == winner
        stage = Stage.ENDORSED if is_winner else Stage.OBJECTED
        await applications.propose(act.conn, one.id, stage.value, by.actor)
        await _note(act, by, one, stage, reason, is_winner=is_winner)
        await act.remember(
            f"application.{stage.value}", one.id, {"name": one.name, "dispute": winner, "reason": reason}
        )


async def _settle(act: Act, by: Person, one: Application, reason: str, *, is_winner: bool) -> None:
    stage = Stage.APPROVED if is_winner else Stage.REFUSED
    await settle_domain_application(act, SettleDomainApplication(one.id, is_winner, reason))
    await _note(act, by, one, stage, reason, is_winner=is_winner)
    await tell_outcome(act, one, stage, reason)


async def _note(act: Act, by: Person, one: Application, stage: Stage, reason: str, *, is_winner: bool) -> None:
    move = Move.APPROVE if is_winner else Move.REFUSE
    await applications.add_step(
        act.conn, one.id, Step(act.now, by.actor, by.role.value, move.value, one.stage, stage.value, reason)
    )


async def _group(
    act: Act, person: Person, application_id: str, *, lock: bool = False
) -> tuple[Application, list[Application]]:
    first, _ = await find_within(act, person, application_id, lock=False)
    rivals = await application_lists.rivals(act.conn, first.id, first.index_label, first.tld)
    read: Any = applications.lock if lock else applications.find
    group = [
        await read(act.conn, one) for one in sorted({first.id, *(rival.id for rival in rivals)})
    ]  # one order: no deadlock
    return first, [one for one in group if one is not None and Stage(one.stage).is_open]


async def _check(act: Act, by: Person, group: Sequence[Application], order: SettleDispute) -> None:
    ids = {one.id for one in group}
    changed = bool(order.seen) and set(order.seen) != ids
    if changed or len(group) == 1 or any(one.stage == Stage.RETURNED for one in group):
        raise Refusal(
            Reason.STATUS_FORBIDS, "争议各方在您查看之后有变化，或有一方正在补正，请重新查看",
            "the sides changed after you looked, or one corrects its application; please look again",
            where="application", value=order.application_id,
        )  # fmt: skip
    if order.winner not in ids:
        raise Refusal(Reason.VALUE_INVALID, "请选择由谁取得名称", "please choose who gets the name", where="winner")
    check_answered(await responsible.find(act.conn, order.winner))
    for one in group:
        await find_within(act, by, one.id)  # his reach holds every side
        await check_reviewer(act, by, one)
        steps = await applications.steps(act.conn, one.id)
        if one.proposed_by and rank(by.role) < rank(steps[-1].role):
            raise Refusal(
                Reason.NOT_PERMITTED, "复核人的层级不能低于初审人", "the second reviewer's level is not below the first's", where="reviewer"
            )  # fmt: skip


async def _may(act: Act, person: Person, group: Sequence[Application]) -> bool:
    """Whether the buttons are shown; the flow that decides looks again."""
    try:
        for one in group:
            await find_within(act, person, one.id)
            await check_reviewer(act, person, one)
    except Refusal:
        return False
    return all(one.stage != Stage.RETURNED for one in group)


async def _claim(act: Act, one: Application) -> Claim:
    body = await bodies.find_body(act.conn, one.uscc)
    names = body.current_names if body else ()
    wanted = label_of(one.name).u
    return Claim(one, body, body.level if body else "central", wanted in {name for _, name in names}, names)
