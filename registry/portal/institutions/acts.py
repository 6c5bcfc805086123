"""``/portal/institutions/new`` and ``/portal/institutions/ACT``: an act of an institution is drawn up, proved, filed and decided."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from registry.flows.act import Act
from registry.flows.institution.accept import AcceptAct, accept_act
from registry.flows.institution.card import read_act
from registry.flows.institution.decide import DecideAct, decide_act
from registry.flows.institution.decline import DeclineAct, decline_act
from registry.flows.institution.draft import DraftAct, ReviseAct, draft_act, revise_act
from registry.flows.institution.send_back import ReturnAct, return_act
from registry.flows.institution.sheet import purposes_of, read_sheet
from registry.flows.institution.submit import SubmitAct, submit_act
from registry.flows.institution.withdraw import WithdrawAct, withdraw_act
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.institution import MAX_REASON, ActKind, ActMove
from registry.model.person import Person
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.institutions.words import ACT_WORDS

PACKAGE = "registry.portal.institutions"
MAX_CODE = 40  # characters
MAX_DIGITS = 9  # of a version
# What is told above the form or the card, with what was typed; everything else is a page of its own.
BESIDE = frozenset(
    {
        Reason.PARAMETER_MISSING,
        Reason.VALUE_INVALID,
        Reason.TOO_LARGE,
        Reason.NOT_PERMITTED,
        Reason.STATUS_FORBIDS,
        Reason.ALREADY_EXISTS,
        Reason.POLICY_FORBIDS,
        Reason.SYNTAX_INVALID,
        Reason.UNAVAILABLE,
        Reason.NOT_FOUND,
    }
)


async def show_new(visit: Visit) -> web.StreamResponse:
    """``?kind=`` what, ``?uscc=`` about whom (reviewers), ``?year=`` of a report."""
    query = {key: clean(visit.request.query.get(key, ""))[:MAX_CODE] for key in ("kind", "uscc", "year")}
    return await _new(visit, query)


async def take_new(visit: Visit) -> web.StreamResponse:
    """Keep the draft, and go on to its documents."""
    form = visit.form
    try:
        kind = _kind(form.get("kind", ""))
        about = form.get("uscc", "") if kind is ActKind.ESTABLISH or not visit.person.uscc else visit.person.uscc
        order = DraftAct(kind, about, form, _number(form.get("year", "")), form.get("is_town") == "1")
        act_id = await visit.run(lambda act: draft_act(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in BESIDE:
            raise
        return await _new(visit, form, refusal)
    return go_on(f"/portal/institutions/{act_id}")


async def show_act(visit: Visit) -> web.StreamResponse:
    """The card."""
    return await show_card(visit)


async def take_step(visit: Visit) -> web.StreamResponse:
    """Save, file, accept, send back, decline, decide or withdraw, as the button says."""
    try:
        await visit.run(partial(_step, visit.person, visit.request.match_info["act"], visit.form))
    except Refusal as refusal:
        if refusal.reason not in BESIDE:
            raise
        return await show_card(visit, refusal)
    where = visit.request.match_info["act"]
    return go_on("/portal/" if visit.form.get("step") == ActMove.WITHDRAW else f"/portal/institutions/{where}")


async def _step(person: Person, act_id: str, form: Mapping[str, str], act: Act) -> None:
    reason, seen = form.get("reason", ""), form.get("seen", "")
    match form.get("step", ""):
        case "save":
            await revise_act(act, person, ReviseAct(act_id, form, _number(form.get("version", "")) or 0))
        case "submit":
            if form.get("version"):
                await revise_act(act, person, ReviseAct(act_id, form, _number(form["version"]) or 0))
            await submit_act(act, person, SubmitAct(act_id, form.get("text", "")))
        case ActMove.ACCEPT:
            await accept_act(act, person, AcceptAct(act_id, seen))
        case ActMove.RETURN:
            await return_act(act, person, ReturnAct(act_id, reason, seen))
        case ActMove.DECLINE:
            await decline_act(act, person, DeclineAct(act_id, reason, seen))
        case ActMove.APPROVE | ActMove.REFUSE as move:
            await decide_act(act, person, DecideAct(act_id, ActMove(move), reason, seen))
        case ActMove.WITHDRAW:
            await withdraw_act(act, person, WithdrawAct(act_id))
        case _:
            raise Refusal(Reason.PARAMETER_MISSING, "没有说明要做什么", "it was not said what to do", where="step")


async def show_card(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    """The card, with what was refused above it."""
    card = await visit.run(lambda act: read_act(act, visit.person, visit.request.match_info["act"]))
    return visit.page(
        "act.html",
        package=PACKAGE,
        status=STATUS[refusal.reason] if refusal else 200,
        card=card,
        purposes=purposes_of(card.act.kind_now),
        said=ACT_WORDS,
        form=visit.form,
        refusal=refusal,
        max_reason=MAX_REASON,
        problems={one.where: (one.text.zh, one.text.en) for one in refusal.problems} if refusal else {},
    )


async def _new(visit: Visit, typed: Mapping[str, str], refusal: Refusal | None = None) -> web.Response:
    kind = _kind(typed.get("kind", "") or ActKind.CHANGE.value)
    sheet = await visit.run(lambda act: read_sheet(act, visit.person, kind, typed.get("uscc", "")[:MAX_CODE]))
    return visit.page(
        "new-act.html",
        package=PACKAGE,
        status=STATUS[refusal.reason] if refusal else 200,
        sheet=sheet,
        said=ACT_WORDS,
        form={**sheet.prefilled, **typed},
        refusal=refusal,
        problems={one.where: (one.text.zh, one.text.en) for one in refusal.problems} if refusal else {},
    )


def _kind(text: str) -> ActKind:
    if text not in set(ActKind):
        raise Refusal(Reason.VALUE_INVALID, "没有这类登记事项", "there is no such kind of act", where="kind")
    return ActKind(text)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None
