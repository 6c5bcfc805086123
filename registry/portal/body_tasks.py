"""``/portal/body-tasks``: what bodies that were renamed, merged, split, abolished, cancelled or suspended ask of reviewers."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from registry.flows.act import Act
from registry.flows.body_task.approve import ApproveDecision, approve_decision
from registry.flows.body_task.choice import Choice, ChoiceKind, choice_from, read_choice
from registry.flows.body_task.override import OverrideDecision, override_decision
from registry.flows.body_task.propose import ProposeDecision, propose_decision
from registry.flows.body_task.read import TaskCard, list_tasks, read_task
from registry.flows.body_task.words import CHOICE_WORDS, choice_words
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.application import MAX_REASON
from registry.model.body_task import Wanted
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.notices.inbox import number_of
from registry.portal.words import STATUSES

STEPS = {
    "": ("全部", "All"),
    "first": ("待提出", "First opinion"),
    "second": ("待复核", "Second opinion"),
    "late": ("已超期", "Overdue"),
}
EVENTS = ("renamed", "merged", "split", "abolished", "cancelled", "suspended")
REGION_DIGITS = 6
_BESIDE = frozenset(
    {
        Reason.PARAMETER_MISSING,
        Reason.TOO_LARGE,
        Reason.NOT_PERMITTED,
        Reason.STATUS_FORBIDS,
        Reason.VALUE_INVALID,
        Reason.VALUE_OUT_OF_RANGE,
        Reason.NAME_REFUSED,
        Reason.ALREADY_EXISTS,
    }
)


async def show_tasks(visit: Visit) -> web.StreamResponse:
    """``?state=`` open (as it opens) or settled, ``?step=``, ``?event=``, ``?region=`` (the beginning of a code) narrow it."""
    wanted = _wanted(visit.request.query)
    tasks = await visit.run(lambda act: list_tasks(act, visit.person, wanted))
    return visit.page(
        "body-tasks.html", tasks=tasks, wanted=wanted, steps=STEPS, events={one: STATUSES[one] for one in EVENTS},
        now=visit.door.runner.clock.now(),
    )  # fmt: skip


def _wanted(query: Mapping[str, str]) -> Wanted:
    """What cannot be meant is left out."""
    event, step, region = query.get("event", ""), query.get("step", ""), clean(query.get("region", "")).strip()
    is_code = region.isascii() and region.isdigit() and len(region) <= REGION_DIGITS
    return Wanted(
        "settled" if query.get("state") == "settled" else "open",
        event if event in EVENTS else "",
        step if step in STEPS else "",
        region if is_code else "",
    )


async def show_task(visit: Visit) -> web.StreamResponse:
    """One of them."""
    return await _task(visit)


async def take_proposal(visit: Visit) -> web.StreamResponse:
    """Propose."""

    async def propose(act: Act) -> None:
        order = ProposeDecision(_id(visit), _choices(visit.form), visit.form.get("reason", ""))
        await propose_decision(act, visit.person, order)

    return await _done(visit, propose)


async def take_approval(visit: Visit) -> web.StreamResponse:
    """Agree to what was proposed."""
    order = ApproveDecision(_id(visit), visit.form.get("seen", ""))
    return await _done(visit, lambda act: approve_decision(act, visit.person, order))


async def take_override(visit: Visit) -> web.StreamResponse:
    """Decide alone, as an operator."""

    async def decide(act: Act) -> None:
        order = OverrideDecision(_id(visit), _choices(visit.form), visit.form.get("reason", ""))
        await override_decision(act, visit.person, order)

    return await _done(visit, decide)


async def _done(visit: Visit, flow: Callable[[Act], Awaitable[None]]) -> web.StreamResponse:
    """Back to the card; what was refused stands on it beside what was sent."""
    number = _id(visit)
    try:
        await visit.run(flow)
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _task(visit, refusal)
    return go_on(f"/portal/body-tasks/{number}")


def _choices(form: Mapping[str, str]) -> dict[str, Choice]:
    """The fields ``choice-NAME`` (a kind, or ``follow:CODE``) and ``until-NAME``; names without one are left to the flow."""
    found = {}
    for key, value in form.items():
        if key.startswith("choice-"):
            name = key.removeprefix("choice-")
            kind, _, holder = value.partition(":")
            found[name] = read_choice(kind, holder, form.get(f"until-{name}", ""), where=name[:64])
    return found


async def _task(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    card = await visit.run(lambda act: read_task(act, visit.person, _id(visit)))
    return visit.page(
        "body-task.html",
        status=STATUS[refusal.reason] if refusal else 200,
        card=card,
        chosen=_chosen(card, visit.form),
        said=_said(card),
        seen=card.task.proposed_at.isoformat() if card.task.proposed_at else "",
        reason=visit.form.get("reason", ""),
        refusal=refusal,
        kinds=_kinds(card),
        choice_words=CHOICE_WORDS,
        max_reason=MAX_REASON,
        now=visit.door.runner.clock.now(),
        beijing=BEIJING,
    )


def _chosen(card: TaskCard, form: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """By name what the form shows: as it was sent, else as it was proposed; the choice and the last day."""
    proposed = card.task.proposal.get("choices", {})
    found = {}
    for name in (one["name"] for one in card.task.names):
        kept = choice_from(proposed[name]) if name in proposed else None
        kind = f"{kept.kind}:{kept.holder}".rstrip(":") if kept else ""
        until = kept.until.isoformat() if kept and kept.until else ""
        found[name] = (form.get(f"choice-{name}", kind), form.get(f"until-{name}", until))
    return found


def _said(card: TaskCard) -> dict[str, tuple[str, str]]:
    """By name what was proposed, or decided, in words."""
    source = card.task.decision if card.task.state == "settled" else card.task.proposal
    heirs = {one.uscc: one.name for one in card.heirs}
    words = {name: choice_words(choice_from(one), heirs) for name, one in source.get("choices", {}).items()}
    return {name: (text.zh, text.en) for name, text in words.items()}


def _kinds(card: TaskCard) -> list[str]:
    """What may be chosen for a name of this body, beside its heirs."""
    body = card.body
    is_suspended = body is not None and body.status == "suspended"
    kinds = [ChoiceKind.KEEP] if is_suspended or (body is not None and body.alive) else []
    return [one.value for one in [*kinds, *([ChoiceKind.HOLD] if is_suspended else []), ChoiceKind.RETIRE]]


def _id(visit: Visit) -> int:
    return number_of(visit.request.match_info["task"])
