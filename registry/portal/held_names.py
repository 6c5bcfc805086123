"""``/portal/names/NAME``: a name as its holder manages it; ``/portal/changes``: what waits for a reviewer as the second person."""

from aiohttp import web

from registry.flows.holding.change import UNDO, ChangeDelegation, change_delegation, decide_change, undo_change
from registry.flows.holding.read_name import read_name
from registry.flows.holding.remind import confirm_recheck
from registry.flows.holding.renew import RenewName, renew_name
from registry.flows.holding.waiting import list_waiting
from registry.flows.holding.wish import MAX_TEXT, ds_text
from registry.flows.runner import Flow
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.person import Role
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.notices.inbox import number_of

# What cannot be mended on this page is a page of its own.
_ELSEWHERE = frozenset({Reason.NOT_FOUND, Reason.UNAVAILABLE})
MAX_NAME = 253


async def show_name(visit: Visit) -> web.StreamResponse:
    """The page."""
    return await _name(visit)


async def take_change(visit: Visit) -> web.StreamResponse:
    """Other name servers or keys."""
    order = ChangeDelegation(_named(visit), visit.form.get("servers", ""), visit.form.get("signers", ""))
    return await _step(visit, lambda act: change_delegation(act, visit.person, order))


async def take_renewal(visit: Visit) -> web.StreamResponse:
    """A year more."""
    order = RenewName(_named(visit))
    return await _step(visit, lambda act: renew_name(act, visit.person, order))


async def take_recheck(visit: Visit) -> web.StreamResponse:
    """He looked at what is recorded."""
    return await _step(visit, lambda act: confirm_recheck(act, visit.person, _named(visit)))


async def take_step(visit: Visit) -> web.StreamResponse:
    """Confirm a change, let it be, or undo it."""
    number = number_of(visit.request.match_info["change"])
    match visit.form.get("move", ""):
        case "undo":
            await visit.run(lambda act: undo_change(act, visit.person, number))
        case "agree":
            await visit.run(lambda act: decide_change(act, visit.person, number, agrees=True))
        case _:
            await visit.run(lambda act: decide_change(act, visit.person, number, agrees=False))
    name = visit.form.get("name", "")[:MAX_NAME]
    is_agency = visit.person.role is Role.AGENCY
    where = f"/portal/names/{name}" if is_agency and name.isascii() and "/" not in name else "/portal/changes"
    return go_on(where)


async def show_changes(visit: Visit) -> web.StreamResponse:
    """What waits for a reviewer."""
    waiting = await visit.run(lambda act: list_waiting(act, visit.person))
    return visit.page("changes.html", waiting=waiting)


async def _step(visit: Visit, flow: Flow[object]) -> web.StreamResponse:
    try:
        await visit.run(flow)
    except Refusal as refusal:
        if refusal.reason in _ELSEWHERE:
            raise
        return await _name(visit, refusal)
    return go_on(f"/portal/names/{_named(visit)}")


async def _name(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    held = await visit.run(lambda act: read_name(act, visit.person, _named(visit)))
    servers = "\n".join(
        " ".join((one.name, *(address.text for address in one.addresses or ()))) for one in held.now.servers
    )
    now = visit.door.runner.clock.now()
    return visit.page(
        "held-name.html",
        status=STATUS[refusal.reason] if refusal else 200,
        held=held,
        servers=visit.form.get("servers", servers),
        signers=visit.form.get("signers", "\n".join(ds_text(one) for one in held.now.signers)),
        refusal=refusal,
        undoable={
            one.id
            for one in held.changes[:1]
            if one.state == "done" and one.decided_at and now <= one.decided_at + UNDO
        },
        max_text=MAX_TEXT,
    )


def _named(visit: Visit) -> str:
    return visit.request.match_info["name"][:MAX_NAME]
