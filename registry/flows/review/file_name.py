"""An agency applies for a name in the portal: the same order as a registrar's, through the registrar that serves the portal."""

from dataclasses import dataclass, replace

from registry.flows.act import Act, Caller
from registry.flows.naming.judge import check_name
from registry.flows.registration.register_name import Refused, Registered, RegisterName, Waiting, register_name
from registry.kernel.errors import Reason, Refusal
from registry.kernel.journal import append
from registry.model.application import MAX_NOTE, MAX_WAITING
from registry.model.decision import Decision
from registry.model.person import Person, Role
from registry.model.registrar import RegistrarStatus
from registry.store import application_lists, applications, registrars

MAX_NAME = 253  # characters; longer text is no name (RFC 1035 section 2.3.4)


@dataclass(frozen=True, slots=True)
class FileName:
    """``name`` as it was typed; ``note`` is what the applicant wants the reviewers to know.

    ``traditional`` is the traditional spelling that he chose; empty takes the proposed one.
    """

    name: str
    note: str = ""
    traditional: str = ""


async def file_name(act: Act, by: Person, order: FileName) -> Registered | Waiting | Refused:
    """Register the name for the person's own body, put it before the reviewers, or say why not.

    Refuses with NOT_PERMITTED (no agency), VALUE_INVALID (no name), TOO_LARGE (note), POLICY_FORBIDS (too many wait),
    ALREADY_EXISTS (the body's own application for it waits), UNAVAILABLE (no registrar serves the portal).
    """
    uscc = body_of(by)
    note = _checked(order)
    registrar_id = await _registrar(act)
    if await application_lists.count_waiting(act.conn, uscc) >= MAX_WAITING:
        zh = f"本单位已有 {MAX_WAITING} 件申请待审核，请待办结后再申请"
        raise Refusal(Reason.POLICY_FORBIDS, zh, f"{MAX_WAITING} applications of the body wait already", where="name")
    through = replace(act, caller=Caller("registrar", registrar_id))
    outcome = await register_name(through, RegisterName(order.name, uscc, traditional=order.traditional[:MAX_NAME]))
    act.has_changed = act.has_changed or through.has_changed
    if isinstance(outcome, Waiting):
        await _filed(act, by, outcome, uscc, note)
    elif isinstance(outcome, Registered):
        detail = {"uscc": uscc, "registrar": registrar_id, "note": note}
        await append(act.conn, act.now, by.actor, "name.applied", outcome.name, act.trid, detail)
    return outcome


async def judge_wish(act: Act, by: Person, order: FileName) -> Decision:
    """What the name would get; nothing is applied for. Refuses with NOT_PERMITTED, VALUE_INVALID."""
    uscc = body_of(by)
    _checked(order)
    decision, _ = await check_name(act, order.name, uscc, mapped=True)
    return decision


def body_of(by: Person) -> str:
    """The code of the person's body. Refuses (NOT_PERMITTED) who is no agency or belongs to no body."""
    if by.role is Role.AGENCY and by.uscc:
        return by.uscc
    raise Refusal(
        Reason.NOT_PERMITTED,
        "账户没有绑定单位，不能申请名称",
        "the account belongs to no body and cannot apply",
        where="person",
        value=by.username,
    )


async def _filed(act: Act, by: Person, outcome: Waiting, uscc: str, note: str) -> None:
    made = await applications.find(act.conn, outcome.application_id)
    label, tld = (made.index_label, made.tld) if made else ("", "")
    for other in await application_lists.rivals(act.conn, outcome.application_id, label, tld):
        if other.uscc == uscc:  # raised inside the act, so the second application was never made
            raise Refusal(
                Reason.ALREADY_EXISTS,
                f"本单位对这个名称的申请 {other.id} 正待审核，无须重复申请",
                f"the body's application {other.id} for this name waits already",
                where="name",
                value=outcome.name,
            )
    await applications.mark_applied(act.conn, outcome.application_id, by.actor, note)
    snapshot = {"name": outcome.name, "uscc": uscc, "note": note}
    await act.remember("application.filed", outcome.application_id, snapshot)


async def _registrar(act: Act) -> str:
    registrar_id = act.config.portal.registrar
    found = await registrars.find(act.conn, registrar_id) if registrar_id else None
    if found is None or found.status is not RegistrarStatus.ACTIVE:
        raise Refusal(
            Reason.UNAVAILABLE,
            f"还没有为办理窗口指定可用的注册服务机构（配置项 portal.registrar，现为“{registrar_id}”），请联系系统管理员",
            f"no registrar serves this portal yet (setting portal.registrar, now {registrar_id!r}); please tell the operator",
            where="registrar",
            value=registrar_id,
        )
    return found.id


def _checked(order: FileName) -> str:
    if not order.name.strip():
        raise Refusal(Reason.VALUE_INVALID, "请填写要申请的名称", "please give the name that you want", where="name")
    if len(order.name) > MAX_NAME:
        raise Refusal(
            Reason.VALUE_INVALID, f"名称最多 {MAX_NAME} 字", f"a name has at most {MAX_NAME} characters", where="name"
        )
    note = order.note.strip()
    if len(note) > MAX_NOTE:
        raise Refusal(Reason.TOO_LARGE, f"说明最多 {MAX_NOTE} 字", f"at most {MAX_NOTE} characters", where="note")
    return note
