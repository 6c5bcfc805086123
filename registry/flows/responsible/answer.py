"""The responsible person's word: by the link that he was sent, or by another account of the body."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.responsible.link import LINK_LIFE, is_link_code
from registry.flows.responsible.standing import CONFIRMED, DENIED
from registry.flows.review.decide import settled
from registry.flows.review.reach import find_within
from registry.flows.review.told import shown, tell_body
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.application import Stage
from registry.model.person import Person, Role
from registry.store import applications, bodies, responsible
from registry.store.applications import Application, Step
from registry.store.responsible import Responsible

MAX_REMARK = 500  # characters
BY_LINK = "link"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the link shows: the name that is asked for, whose it is to be, who filed it, and what was answered."""

    one: Responsible
    name: str
    body: str
    uscc: str
    filed_by: str
    note: str
    is_open: bool


async def read_asked(act: Act, application_id: str, code: str) -> Asked:
    """For whoever has the link. Refuses with NOT_FOUND a code that is wrong, void or too old."""
    application, one = await _linked(act, application_id, code)
    body = await bodies.find_body(act.conn, application.uscc)
    return Asked(
        one, shown(application), body.name if body else application.uscc, application.uscc,
        application.applied_by.removeprefix("person:"), application.note, Stage(application.stage).is_open,
    )  # fmt: skip


async def answer_by_link(act: Act, application_id: str, code: str, answer: str, remark: str = "") -> None:
    """Confirm or deny. Refuses with NOT_FOUND (code), STATUS_FORBIDS (settled, or answered), VALUE_INVALID, TOO_LARGE."""
    application, one = await _linked(act, application_id, code, lock=True)
    await _answer(act, application, one, (answer, BY_LINK), remark)


async def answer_as_colleague(act: Act, by: Person, application_id: str, answer: str, remark: str = "") -> None:
    """The same with an account of the body that is not the applicant's.

    Refuses with NOT_FOUND, NOT_PERMITTED (no agency, or who filed it), and as :func:`answer_by_link`.
    """
    application, _ = await find_within(act, by, application_id, lock=True)
    one = await responsible.find(act.conn, application.id, lock=True)
    if one is None:
        zh, en = "没有指定责任人", "nobody was named"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="responsible")
    if by.role is not Role.AGENCY or by.actor in {application.applied_by, one.named_by}:
        zh, en = "须由责任人本人的账户确认，经办人不能代为确认", "the responsible person confirms, not who filed it"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    await _answer(act, application, one, (answer, by.actor), remark)


async def _linked(act: Act, application_id: str, code: str, *, lock: bool = False) -> tuple[Application, Responsible]:
    application = await (applications.lock if lock else applications.find)(act.conn, application_id)
    one = await responsible.find(act.conn, application_id, lock=lock)
    if application is None or one is None or act.now - one.asked_at > LINK_LIFE:
        raise _unknown()
    if not is_link_code(act.config, code, application_id, one.email, one.asked_at):
        raise _unknown()
    return application, one


async def _answer(act: Act, application: Application, one: Responsible, said: tuple[str, str], remark: str) -> None:
    answer, by = said
    stage = Stage(application.stage)
    if answer not in {CONFIRMED, DENIED}:
        raise Refusal(Reason.VALUE_INVALID, "请选择确认或否认", "please confirm or deny", where="answer")
    if len(remark) > MAX_REMARK:
        raise Refusal(Reason.TOO_LARGE, f"最多 {MAX_REMARK} 字", f"at most {MAX_REMARK} characters", where="remark")
    if not stage.is_open:
        raise settled(stage)
    if not await responsible.answer(act.conn, application.id, answer, act.now, by, remark.strip()):
        raise Refusal(
            Reason.STATUS_FORBIDS, "已经答复过", "it was answered before", where="responsible", value=one.answer
        )
    await applications.add_step(
        act.conn,
        application.id,
        Step(act.now, f"responsible:{one.name}", Role.AGENCY.value, answer, stage.value, stage.value, remark.strip()),
    )
    await act.remember(
        f"application.responsible_{answer}", application.id, {"name": one.name, "by": by, "remark": remark.strip()}
    )
    words = ("已确认", "confirmed") if answer == CONFIRMED else ("否认了", "denied")
    text = Text(
        f"责任人 {one.name} {words[0]}申请 {application.id}。",
        f"{one.name}, the responsible person, {words[1]} application {application.id}.",
    )
    await tell_body(act, application, "responsible", text, "news" if answer == CONFIRMED else "action")


def _unknown() -> Refusal:
    zh, en = "链接无效或已过期", "the link is wrong or out of date"
    return Refusal(Reason.NOT_FOUND, zh, en, where="code")
