"""A command without a session: a registrar rehearses its own, an operator any, and carries one out in a registrar's name with a reason."""

from typing import Any, Protocol

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.registrar.second_factor import confirm_factor
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.web.app import CONTEXT
from registry.kernel.web.errors import STATUS
from registry.kernel.web.limits import place_of
from registry.model.person import Role
from registry.portal.forms import clean
from registry.portal.guard import Visit

MAX_DOCUMENT = 1 << 16  # what a frame holds


class Desk(Protocol):
    """What the registrars' door lends (``registry/epp/on_behalf.py``)."""

    def wish(self, registrar_id: str, document: bytes, language: str, address: str) -> Any:
        """An order."""
        ...

    async def rehearse(self, wish: Any, *, asker: str) -> bytes:
        """The answer that it would get."""
        ...

    async def act_for(self, operator: Caller, wish: Any, reason: str) -> bytes:
        """The answer that it got."""
        ...


async def show_rehearsal(visit: Visit) -> web.StreamResponse:
    """The form."""
    return _page(visit)


async def take_rehearsal(visit: Visit) -> web.StreamResponse:
    """Rehearse; with ``do=act`` an operator carries it out."""
    form, person = visit.form, visit.person
    registrar_id = person.registrar if person.role is Role.REGISTRAR else clean(form.get("registrar", "")).strip()
    try:
        document = _document(form.get("document", ""))
        desk = desk_of(visit.request)
        language = "en" if form.get("language") == "en" else "zh"
        wish = desk.wish(registrar_id, document.encode(), language, place_of(visit.request.remote))
        if form.get("do") == "act" and person.role is Role.OPERATOR:
            await confirm_factor(visit.door.runner, person, form.get("code", ""))
            answer = await desk.act_for(
                Caller("person", person.username, may_override=True), wish, form.get("reason", "")
            )
        else:
            answer = await desk.rehearse(wish, asker=person.actor)
    except Refusal as refusal:
        if refusal.reason in (Reason.NOT_PERMITTED, Reason.UNAVAILABLE):
            raise
        status = 422 if refusal.reason is Reason.PARAMETER_MISSING else STATUS[refusal.reason]
        return _page(visit, status=status, refusal=refusal)
    return _page(visit, answer=answer.decode())


def _document(text: str) -> str:
    if not text.strip() or len(text) > MAX_DOCUMENT:
        zh, en = "请填写一份完整的 EPP 文档", "please give one whole EPP document"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="document")
    return text


def desk_of(request: web.Request) -> Desk:
    """The desk of this process."""
    desk = request.config_dict[CONTEXT].extras.get("epp")
    if desk is None:
        raise Fault("this process has no desk of the registrars' door")
    found: Desk = desk
    return found


def _page(visit: Visit, *, status: int = 200, refusal: Refusal | None = None, answer: str = "") -> web.Response:
    return visit.page(
        "rehearsal.html",
        package="registry.portal.registrars",
        status=status,
        refusal=refusal,
        answer=answer,
        typed=visit.form,
        is_operator=visit.person.role is Role.OPERATOR,
        path_here=visit.request.path,
        was_real=bool(answer) and visit.form.get("do") == "act" and visit.person.role is Role.OPERATOR,
    )
