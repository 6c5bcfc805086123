"""``/portal/applications/ID``: the evidence card, and what can be done with it."""

from aiohttp import web

from registry.flows.responsible.answer import answer_as_colleague
from registry.flows.responsible.name import MAX_TEXT, NameResponsible, name_responsible
from registry.flows.review.appeal import AppealApplication, appeal_application
from registry.flows.review.card import read_card
from registry.flows.review.claim import ClaimApplication, claim_application
from registry.flows.review.decide import DecideApplication, decide_application
from registry.flows.review.decline import DeclineApplication, decline_application
from registry.flows.review.say import SayToCase, say_to_case
from registry.flows.review.send_back import AnswerCorrection, SendBack, answer_correction, send_back
from registry.flows.review.withdraw import WithdrawApplication, withdraw_application
from registry.flows.runner import Flow
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.application import CORRECTIONS, MAX_REASON, PURPOSES, Move, Stage
from registry.model.person import Role
from registry.portal.going import go_on
from registry.portal.guard import Visit

# What a reviewer is told above the card, with what he had written; everything else is a page of its own.
BESIDE = frozenset(
    {
        Reason.PARAMETER_MISSING,
        Reason.TOO_LARGE,
        Reason.NOT_PERMITTED,
        Reason.STATUS_FORBIDS,
        Reason.NAME_REFUSED,
        Reason.ALREADY_EXISTS,
        Reason.POLICY_FORBIDS,
        Reason.VALUE_INVALID,
        Reason.NOT_FOUND,
        Reason.RATE_LIMITED,
        Reason.SYNTAX_INVALID,
    }
)


async def show_card(visit: Visit) -> web.StreamResponse:
    """The card."""
    return await _card(visit)


async def take_decision(visit: Visit) -> web.StreamResponse:
    """Approve or refuse, as the button says."""
    order = DecideApplication(
        visit.request.match_info["id"],
        _move(visit),
        visit.form.get("reason", ""),
        _seen(visit.form.get("seen", "")),
        visit.form.get("traditional", "").strip(),
    )
    try:
        await visit.run(lambda act: decide_application(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in BESIDE:
            raise
        return await _card(visit, refusal=refusal, reason=order.reason)
    return _back(order.application_id)


async def take_withdrawal(visit: Visit) -> web.StreamResponse:
    """Withdraw."""
    order = WithdrawApplication(_id(visit))
    return await _step(visit, lambda act: withdraw_application(act, visit.person, order))


async def take_return(visit: Visit) -> web.StreamResponse:
    """Send it back to be corrected."""
    asked = tuple(one for one in CORRECTIONS if visit.form.get(f"asked-{one}"))
    order = SendBack(_id(visit), asked, visit.form.get("reason", ""), _seen(visit.form.get("seen", "")))
    return await _step(visit, lambda act: send_back(act, visit.person, order))


async def take_answer(visit: Visit) -> web.StreamResponse:
    """Correct it."""
    order = AnswerCorrection(_id(visit), visit.form.get("text", ""), visit.form.get("traditional", ""))
    return await _step(visit, lambda act: answer_correction(act, visit.person, order))


async def take_refusal_to_accept(visit: Visit) -> web.StreamResponse:
    """Decline it."""
    order = DeclineApplication(_id(visit), visit.form.get("reason", ""), _seen(visit.form.get("seen", "")))
    return await _step(visit, lambda act: decline_application(act, visit.person, order))


async def take_claim(visit: Visit) -> web.StreamResponse:
    """Take it onto one's desk, off it, or hand it over."""
    order = ClaimApplication(_id(visit), visit.form.get("to", ""))
    return await _step(visit, lambda act: claim_application(act, visit.person, order))


async def take_message(visit: Visit) -> web.StreamResponse:
    """Say something to the other side."""
    order = SayToCase(_id(visit), visit.form.get("text", ""))
    return await _step(visit, lambda act: say_to_case(act, visit.person, order))


async def take_appeal(visit: Visit) -> web.StreamResponse:
    """Appeal; the answer is the page of the appeal."""
    order = AppealApplication(_id(visit), visit.form.get("reason", ""))
    return await _step(visit, lambda act: appeal_application(act, visit.person, order))


async def take_responsible(visit: Visit) -> web.StreamResponse:
    """Name who answers for it, and send him the link."""
    form = visit.form
    order = NameResponsible(_id(visit), form.get("name", ""), form.get("title", ""), form.get("email", ""))
    return await _step(visit, lambda act: name_responsible(act, visit.person, order))


async def take_confirmation(visit: Visit) -> web.StreamResponse:
    """The responsible person's word, with his own account."""
    answer, remark = visit.form.get("answer", ""), visit.form.get("remark", "")
    return await _step(visit, lambda act: answer_as_colleague(act, visit.person, _id(visit), answer, remark))


async def show_refused(visit: Visit, refusal: Refusal) -> web.Response:
    """The card with what was refused above it, for steps that stand in files of their own."""
    return await _card(visit, refusal=refusal)


async def _step(visit: Visit, flow: Flow[str | None]) -> web.StreamResponse:
    """Take it, and show the case as it is then; the flow may name another case."""
    try:
        case = await visit.run(flow)
    except Refusal as refusal:
        if refusal.reason not in BESIDE:
            raise
        return await _card(visit, refusal=refusal, reason=visit.form.get("reason", ""))
    return _back(case or _id(visit))


def _id(visit: Visit) -> str:
    return visit.request.match_info["id"]


async def _card(visit: Visit, *, refusal: Refusal | None = None, reason: str = "") -> web.Response:
    card = await visit.run(lambda act: read_card(act, visit.person, visit.request.match_info["id"]))
    return visit.page(
        "application.html",
        status=STATUS[refusal.reason] if refusal else 200,
        card=card,
        is_agency=visit.person.role is Role.AGENCY,
        corrections=CORRECTIONS,
        form=visit.form,
        refusal=refusal,
        reason=reason,
        max_reason=MAX_REASON,
        max_responsible=MAX_TEXT,
        purposes=PURPOSES,
    )


def _move(visit: Visit) -> Move:
    moves = {move.value: move for move in (Move.APPROVE, Move.REFUSE)}
    move = moves.get(visit.form.get("move", ""))
    if move is None:
        raise Refusal(Reason.VALUE_INVALID, "请选择同意或驳回", "please choose approve or refuse", where="move")
    return move


def _seen(text: str) -> Stage | None:
    return Stage(text) if text in set(Stage) else None


def _back(application_id: str) -> web.Response:
    where = f"/portal/applications/{application_id}"
    return go_on(where)
