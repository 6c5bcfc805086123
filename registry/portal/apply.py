"""``/portal/apply``: an agency asks what a name would get, and applies for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aiohttp import web

from registry.flows.registration.register_name import Refused, Registered
from registry.flows.review.desk import Desk, read_desk
from registry.flows.review.drafts import SaveDraft, drop_draft, find_draft, save_draft
from registry.flows.review.file_name import MAX_NAME, FileName, file_name, judge_wish
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import TLDS
from registry.kernel.web.errors import STATUS
from registry.model.application import MAX_NOTE
from registry.model.body import Body
from registry.model.decision import Decision
from registry.portal.forms import clean
from registry.portal.going import go_on
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
        Reason.STATUS_FORBIDS,
    }
)
MAX_DRAFT_ID = 64  # characters
MAX_DIGITS = 9  # of a version: nobody saves a draft a thousand million times
_ORGANS = frozenset({"11", "13", "55", "00"})  # kinds whose names usually stand under .政务


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: a label with one of our zones chosen beside it, or a whole name."""

    label: str
    tld: str
    note: str = ""
    traditional: str = ""
    draft: str = ""
    version: int = 0

    @property
    def name(self) -> str:
        """The whole name."""
        return whole_name(self.label, self.tld) if self.label else ""


async def show_form(visit: Visit) -> web.StreamResponse:
    """The form; ``?name=`` fills it in, ``?draft=`` takes one up again."""
    desk = await visit.run(lambda act: read_desk(act, visit.person))
    if draft_id := clean(visit.request.query.get("draft", ""))[:MAX_DRAFT_ID]:
        draft = await visit.run(lambda act: find_draft(act, visit.person, draft_id))
        wish = _drafted(draft.name, draft.note, draft.traditional)
        return _form(visit, desk, replace(wish, draft=draft.id, version=draft.version))
    label, _, tld = clean(visit.request.query.get("name", ""))[:MAX_NAME].partition(".")
    return _form(visit, desk, Wish(label, tld if tld in TLDS else _usual_tld(desk.body)))


async def take_form(visit: Visit) -> web.StreamResponse:
    """Tell what the name would get (``step=check``), keep it as a draft (``step=save``), throw that away, or apply for it."""
    if visit.form.get("step") == "drop":
        await visit.run(lambda act: drop_draft(act, visit.person, visit.form.get("draft", "")))
        return go_on("/portal/")
    wish = _wish(visit.form)
    order = FileName(wish.name, wish.note, wish.traditional)
    desk = await visit.run(lambda act: read_desk(act, visit.person))
    try:
        if visit.form.get("step") == "check":
            return _form(visit, desk, wish, decision=await visit.run(lambda act: judge_wish(act, visit.person, order)))
        if visit.form.get("step") == "save":
            kept = SaveDraft(order, wish.draft, wish.version)
            draft_id = await visit.run(lambda act: save_draft(act, visit.person, kept))
            return go_on(f"/portal/apply?draft={draft_id}")
        outcome = await visit.run(lambda act: file_name(act, visit.person, order))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return _form(visit, desk, wish, refusal=refusal)
    if isinstance(outcome, Refused):
        return _form(visit, desk, wish, decision=outcome.decision, is_refused=True)
    if wish.draft:
        await visit.run(lambda act: drop_draft(act, visit.person, wish.draft))
    where = (
        f"/portal/?granted={outcome.name}"
        if isinstance(outcome, Registered)
        else f"/portal/applications/{outcome.application_id}"
    )
    return go_on(where)


def _drafted(name: str, note: str, traditional: str) -> Wish:
    """A draft as it stands in the form: the zone is taken off the name when it is one of ours."""
    label, _, tld = name.rpartition(".")
    is_whole = tld in TLDS and bool(label)
    return Wish(label if is_whole else name, tld if is_whole else next(iter(TLDS)), note, traditional)


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
    version = form.get("version", "")
    return Wish(
        form.get("name", "").strip(),
        zone,
        form.get("note", ""),
        form.get("traditional", "").strip(),
        form.get("draft", "")[:MAX_DRAFT_ID],
        int(version) if version.isascii() and version.isdigit() and len(version) < MAX_DIGITS else 0,
    )


def _own_names(body: Body | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name in body.current_names))[:6] if body else ()


def _usual_tld(body: Body | None) -> str:
    is_organ = body is not None and (body.kind in _ORGANS or body.administrative)
    return "政务" if is_organ else "公益"
