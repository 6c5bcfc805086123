"""``/portal/locks``: the registry lock of names. One person proposes to move it, another confirms; closing a window early needs one only."""

from aiohttp import web

from registry.flows.lock.confirm import close_window, confirm_lock, withdraw_lock
from registry.flows.lock.propose import ProposeLock, propose_lock
from registry.flows.lock.show import show_lock_desk
from registry.flows.runner import Flow
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.names import map_people, to_a
from registry.kernel.web.errors import STATUS
from registry.model.application import MAX_REASON
from registry.model.lock import DEFAULT_WINDOW_HOURS, MAX_WINDOW_HOURS, LockMove
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.notices.inbox import number_of

HOME = "/portal/locks"
MAX_NAME = 253
MOVE_WORDS = {
    LockMove.LOCK: Text("锁定", "lock"),
    LockMove.OPEN: Text("临时开窗", "open a window"),
    LockMove.RELEASE: Text("解除锁定", "release"),
}
STATE_WORDS = {
    "proposed": Text("已过期", "too old"),
    "done": Text("已办结", "done"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "void": Text("已作废", "void"),
}


async def show_locks(visit: Visit) -> web.StreamResponse:
    """Proposals that wait, locked names (``?after=`` the next page), and what was settled."""
    return await _desk(visit)


async def take_proposal(visit: Visit) -> web.StreamResponse:
    """The first person's part; ``move=close`` shuts an open window at once."""
    form = visit.form
    name, reason = _a_form(form.get("name", "")), form.get("reason", "")
    if form.get("move") == "close":
        return await _step(visit, lambda act: close_window(act, visit.person, name, reason))
    if form.get("move") not in set(LockMove):
        zh, en = "请选择要办理的事项", "please say what is to be done"
        return await _desk(visit, Refusal(Reason.VALUE_INVALID, zh, en, where="move"))
    order = ProposeLock(name, LockMove(form["move"]), reason, _hours(form.get("hours", "")))
    return await _step(visit, lambda act: propose_lock(act, visit.person, order))


async def take_answer(visit: Visit) -> web.StreamResponse:
    """The second person's confirmation, or either's withdrawal."""
    number = number_of(visit.request.match_info["order"])
    if visit.form.get("answer") == "confirm":
        return await _step(visit, lambda act: confirm_lock(act, visit.person, number))
    return await _step(visit, lambda act: withdraw_lock(act, visit.person, number))


async def _step(visit: Visit, flow: Flow[object]) -> web.StreamResponse:
    try:
        await visit.run(flow)
    except Refusal as refusal:
        if refusal.reason is Reason.UNAVAILABLE:
            raise
        return await _desk(visit, refusal)
    return go_on(HOME)


async def _desk(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    after = clean(visit.request.query.get("after", ""))[:MAX_NAME]
    desk = await visit.run(lambda act: show_lock_desk(act, visit.person, after))
    return visit.page(
        "locks.html", status=STATUS[refusal.reason] if refusal else 200, desk=desk, refusal=refusal, form=visit.form, moves=MOVE_WORDS,
        states=STATE_WORDS, max_reason=MAX_REASON, max_hours=MAX_WINDOW_HOURS, hours=DEFAULT_WINDOW_HOURS,
    )  # fmt: skip


def _hours(text: str) -> int:
    """Zero, which the flow refuses, for what is no number of at most two digits."""
    text = text.strip() or str(DEFAULT_WINDOW_HOURS)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_WINDOW_HOURS)) else 0


def _a_form(name: str) -> str:
    try:
        return to_a(map_people(clean(name)[:MAX_NAME].strip()).text)
    except ValueError:
        return name[:MAX_NAME]  # then there is no such domain
