"""``/portal/apply``: an agency asks what a name would get, and applies for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from registry.flows.registration.register_name import Refused, Registered
from registry.flows.review.desk import Desk, read_desk
from registry.flows.review.file_name import MAX_NAME, FileName, file_name, judge_wish
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import TLDS
from registry.kernel.web.errors import STATUS
from registry.model.application import MAX_NOTE
from registry.model.body import Body
from registry.model.decision import Decision
from registry.portal.forms import clean
from registry.portal.guard import Visit
from registry.portal.names.candidates import whole_name

# What the applicant can mend or must know beside his form; everything else is a page of its own.
_BESIDE = frozenset(
    {
        Reason.VALUE_INVALID,
        Reason.TOO_LARGE,
        Reason.POLICY_FORBIDS,
        Reason.ALREADY_EXISTS,
        Reason.UNAVAILABLE,
        Reason.NAME_INVALID,
    }
)
_ORGANS = frozenset({"11", "13", "55", "00"})  # kinds whose names usually stand under .政务


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: a label with one of our zones chosen beside it, or a whole name."""

    label: str
    tld: str
    note: str = ""
    traditional: str = ""

    @property
    def name(self) -> str:
        """The whole name."""
        return whole_name(self.label, self.tld) if self.label else ""


async def show_form(visit: Visit) -> web.StreamResponse:
    """The form; ``?name=`` fills it in."""
    desk = await visit.run(lambda act: read_desk(act, visit.person))
    label, _, tld = clean(visit.request.query.get("name", ""))[:MAX_NAME].partition(".")
    return _form(visit, desk, Wish(label, tld if tld in TLDS else _usual_tld(desk.body)))


async def take_form(visit: Visit) -> web.StreamResponse:
    """Tell what the name would get (``step=check``), or apply for it."""
    wish = _wish(visit.form)
    order = FileName(wish.name, wish.note, wish.traditional)
    desk = await visit.run(lambda act: read_desk(act, visit.person))
    try:
        if visit.form.get("step") == "check":
            return _form(visit, desk, wish, decision=await visit.run(lambda act: judge_wish(act, visit.person, order)))
        outcome = await visit.run(lambda act: file_name(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return _form(visit, desk, wish, refusal=refusal)
    if isinstance(outcome, Refused):
        return _form(visit, desk, wish, decision=outcome.decision, is_refused=True)
    where = (
        f"/portal/?granted={outcome.name}"
        if isinstance(outcome, Registered)
        else f"/portal/applications/{outcome.application_id}"
    )
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


def _form(
    visit: Visit,
    desk: Desk,
    wish: Wish,
    *,
    decision: Decision | None = None,
    is_refused: bool = False,
    refusal: Refusal | None = None,
) -> web.Response:
    status = STATUS[refusal.reason] if refusal else STATUS[Reason.NAME_REFUSED] if is_refused else 200
    return visit.page(
        "apply.html",
        status=status,
        desk=desk,
        wish=wish,
        tlds=tuple(TLDS),
        own_names=_own_names(desk.body),
        decision=decision,
        is_refused=is_refused,
        refusal=refusal,
        max_name=MAX_NAME,
        max_note=MAX_NOTE,
    )


def _wish(form: Mapping[str, str]) -> Wish:
    tld = form.get("tld", "")
    zone = tld if tld in TLDS else next(iter(TLDS))
    return Wish(form.get("name", "").strip(), zone, form.get("note", ""), form.get("traditional", "").strip())


def _own_names(body: Body | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name in body.current_names))[:6] if body else ()


def _usual_tld(body: Body | None) -> str:
    is_organ = body is not None and (body.kind in _ORGANS or body.administrative)
    return "政务" if is_organ else "公益"
