"""``/portal/cases``: fakes that citizens reported or that badges gave away, looked into and answered by officers.

The files are the verifier's; the process that holds the pages together lends its desk. Here is who may come, and how it looks.
"""

from typing import Any, Protocol

from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.app import CONTEXT
from registry.kernel.web.errors import STATUS
from registry.model.person import Role
from registry.portal.going import go_on
from registry.portal.guard import Visit

MAX_DIGITS = 4  # of the number of a piece of evidence


class Cases(Protocol):
    """What the verifier lends (``verifier.reports.desk.CaseDesk``, which says what each does and refuses)."""

    @property
    def words(self) -> dict[str, Any]:
        """What states, acts and origins are called."""
        ...

    async def list(self, state: str, *, is_all: bool) -> tuple[Any, dict[str, int]]:
        """Cases with whether they are overdue, and counts by state."""
        ...

    async def view(self, case_id: str) -> Any:
        """A whole file."""
        ...

    async def handle(self, case_id: str, act: str, words: str, actor: str) -> None:
        """Do an act."""
        ...

    async def package(self, case_id: str, actor: str) -> bytes:
        """The take-down package."""
        ...

    async def evidence(self, case_id: str, number: int) -> Any:
        """One piece of evidence."""
        ...


async def show_cases(visit: Visit) -> web.StreamResponse:
    """Those that wait, those due first."""
    desk = _desk(visit)
    state = visit.request.query.get("state", "")
    cases, counts = await desk.list(state, is_all=state == "all")
    return visit.page("cases.html", cases=cases, counts=counts, state=state, told=desk.words)


async def show_case(visit: Visit) -> web.StreamResponse:
    """The whole file."""
    return await _file(visit)


async def take_act(visit: Visit) -> web.StreamResponse:
    """What the officer decided; what is refused is said on the file's page."""
    case = visit.request.match_info["case"]
    try:
        await _desk(visit).handle(
            case, visit.form.get("act", ""), visit.form.get("words", ""), f"person:{visit.person.username}"
        )
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return await _file(visit, refusal)
    return go_on(f"/portal/cases/{case}")


async def send_package(visit: Visit) -> web.StreamResponse:
    """The take-down package."""
    case = visit.request.match_info["case"]
    packed = await _desk(visit).package(case, f"person:{visit.person.username}")
    return _download(packed, "application/zip", f"case-{case}.zip")


async def send_evidence(visit: Visit) -> web.StreamResponse:
    """One piece of evidence, never shown as a page of ours."""
    number = visit.request.match_info["number"]
    is_number = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
    found = await _desk(visit).evidence(visit.request.match_info["case"], int(number) if is_number else 0)
    return _download(found.content, found.content_type, found.name)


async def _file(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    desk = _desk(visit)
    view = await desk.view(visit.request.match_info["case"])
    return visit.page(
        "case.html",
        status=STATUS[refusal.reason] if refusal else 200,
        view=view,
        told=desk.words,
        refusal=refusal,
        typed=visit.form.get("words", ""),
        may_act=visit.person.role is not Role.AUDITOR,
    )


def _desk(visit: Visit) -> Cases:
    desk = visit.request.config_dict[CONTEXT].extras.get("cases")
    if desk is None:
        raise Refusal(Reason.UNAVAILABLE, "此处没有举报案件", "cases are not kept here")
    found: Cases = desk
    return found


def _download(content: bytes, content_type: str, name: str) -> web.Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, content_type=content_type, headers=headers)
