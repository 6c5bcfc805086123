"""A name that waits for a reviewer, as its own registrar sees it, and taking such an application back (RFC 8334 sections 3.2 and 3.4.3)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.label import label_of
from registry.flows.registrar.outcome import notify_outcome
from registry.flows.registrar.permission import is_sponsor, not_found
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.names import split
from registry.model.answer import Deleted, DomainView, PendingView
from registry.model.application import Move, Stage, next_stage
from registry.store import applications
from registry.store.applications import Application, Step


@dataclass(frozen=True, slots=True)
class InfoPending:
    """``application_id`` empty: the caller's own application for the name that waits."""

    name: str
    application_id: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawPending:
    """Which one; the name must be its name."""

    name: str
    application_id: str


async def info_held_or_pending(act: Act, order: InfoDomain | InfoPending) -> DomainView | PendingView:
    """The domain; when nobody holds the name, the caller's own application for it (``pendingCreate``).

    Refuses as :func:`registry.flows.domain.info.info_domain` does; an application of another registrar does not exist.
    """
    if isinstance(order, InfoPending):
        return _view(act, await _own(act, order.name, order.application_id))
    try:
        return await info_domain(act, order)
    except Refusal as refusal:
        if refusal.reason is not Reason.NOT_FOUND or refusal.where != "name":
            raise
        waiting = await _waiting(act, order.name)
        if waiting is None:
            raise
        return _view(act, waiting)


async def withdraw_pending(act: Act, order: WithdrawPending) -> Deleted:
    """Close it; the name is free for others again. Of a withdrawal and a decision at the same time the first wins.

    Refuses with ``NOT_FOUND`` (not the caller's own), ``NOT_PERMITTED`` (a person of the body applied), ``STATUS_FORBIDS`` (settled).
    """
    application = await _own(act, order.name, order.application_id, lock=True)
    if application.applied_by:
        zh, en = "这个申请由申请单位在门户提交，请由该单位撤回", "the body applied itself, in the portal; it withdraws"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="launch:applicationID", value=application.id)
    stage = Stage(application.stage)
    if not stage.is_waiting or next_stage(stage, Move.WITHDRAW, "") is None:
        zh, en = "这个申请已经办结", "this application was settled before"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="launch:applicationID", value=application.id)
    await applications.close(act.conn, application.id, "withdrawn", {}, act.caller.actor, act.now)
    step = Step(act.now, act.caller.actor, "registrar", Move.WITHDRAW.value, stage.value, Stage.WITHDRAWN.value, "")
    await applications.add_step(act.conn, application.id, step)
    snapshot = {"name": application.name, "kind": application.kind}
    await act.remember("application.withdrawn", application.id, snapshot, detail={"name": application.name})
    await _tell(act, application)
    return Deleted(application.name, is_pending=False)


async def _tell(act: Act, application: Application) -> None:
    """The command that was answered 1001 has an outcome, whoever brought it about (RFC 5730 section 2.9.2.3)."""
    said = Text(
        f"{application.name} 的申请 {application.id} 已撤回",
        f"application {application.id} for {application.name} was withdrawn",
    )
    payload = {
        "application": application.id,
        "name": application.name,
        "is_approved": False,
        "trid": application.request["trid"],
        "client_trid": application.request["client_trid"],
        "at": act.now.isoformat(),
    }
    await act.tell(str(application.registrar_id), said.zh, said.en, kind="domain.pan", payload=payload)
    await notify_outcome(act, str(application.registrar_id), said, payload)


async def _own(act: Act, name: str, application_id: str, *, lock: bool = False) -> Application:
    if not application_id:
        waiting = await _waiting(act, name)
        if waiting is None:
            raise not_found("申请", "application", where="name", value=name)
        return waiting
    find = applications.lock if lock else applications.find
    found = await find(act.conn, application_id)
    is_own = found is not None and found.kind == "domain" and is_sponsor(act, found.registrar_id or "")
    if found is None or not is_own or found.name != name.lower():
        raise not_found("申请", "application", where="launch:applicationID", value=application_id)
    return found


async def _waiting(act: Act, name: str) -> Application | None:
    try:
        index = label_of(name).index
    except Refusal:
        return None
    return await applications.waiting_of_registrar(act.conn, split(name)[1].lower(), index, act.caller.id)


def _view(act: Act, application: Application) -> PendingView:
    request = application.request
    return PendingView(
        id=application.id,
        roid=f"A{application.id}-{act.config.epp.roid_suffix}",
        name=application.name,
        stage=application.stage,
        registrar_id=str(application.registrar_id),
        created_at=application.created_at,
        registrant_id=request.get("registrant"),
        contacts=tuple((kind, identifier) for kind, identifier in request.get("contacts", ())),
        hosts=tuple(request.get("hosts", ())),
    )
