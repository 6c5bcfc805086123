"""The end of an application that created nothing: told to the body and to the registrar that ordered it."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.outcome import notify_outcome
from registry.flows.review.told import tell_outcome
from registry.kernel.errors import Text
from registry.model.application import STAGE_WORDS, Move, Stage
from registry.store import applications
from registry.store.applications import Application, State, Step

_STATES: dict[Stage, State] = {Stage.DECLINED: "refused", Stage.LAPSED: "withdrawn", Stage.WITHDRAWN: "withdrawn"}


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ends, by whom, and why."""

    stage: Stage
    move: Move
    actor: str
    role: str
    reason: str = ""


async def close_against(act: Act, application: Application, closing: Closing) -> None:
    """Close it; the name is free for others again."""
    await applications.close(
        act.conn, application.id, _STATES[closing.stage], {"reason": closing.reason}, closing.actor, act.now, closing.stage.value
    )  # fmt: skip
    step = Step(
        act.now, closing.actor, closing.role, closing.move.value, application.stage, closing.stage.value, closing.reason
    )
    await applications.add_step(act.conn, application.id, step)
    snapshot = {"name": application.name, "kind": application.kind, "reason": closing.reason}
    detail = {"name": application.name}
    await act.remember(f"application.{closing.stage.value}", application.id, snapshot, detail=detail)
    await tell_outcome(act, application, closing.stage, closing.reason)
    await _tell_registrar(act, application, closing)


async def _tell_registrar(act: Act, application: Application, closing: Closing) -> None:
    """The registrar hears of it as of a refusal (RFC 5730 section 2.9.2.3 knows two outcomes)."""
    if application.registrar_id is None:
        return
    words = STAGE_WORDS[closing.stage]
    because = (f"：{closing.reason}", f": {closing.reason}") if closing.reason else ("", "")
    said = Text(
        f"{application.name} 的申请 {application.id} {words.zh}{because[0]}",
        f"application {application.id} for {application.name}: {words.en}{because[1]}",
    )
    if application.kind != "domain":
        await act.tell(application.registrar_id, said.zh, said.en)
        return
    payload = {
        "name": application.name,
        "is_approved": False,
        "trid": application.request["trid"],
        "client_trid": application.request["client_trid"],
        "at": act.now.isoformat(),
    }
    await act.tell(application.registrar_id, said.zh, said.en, kind="domain.pan", payload=payload)
    await notify_outcome(act, application.registrar_id, said, payload)
