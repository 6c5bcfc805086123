"""The applicant names who answers for the application; he is sent a link, and an approval waits for his word."""

from dataclasses import dataclass
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.notice.addresses import check_email
from registry.flows.responsible.link import KIND, path_of
from registry.flows.review.decide import settled
from registry.flows.review.reach import find_within
from registry.flows.review.told import shown
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.application import Stage
from registry.model.notice import Notice, Recipient
from registry.model.person import Person, Role
from registry.store import bodies, deliveries, responsible
from registry.store.applications import Application
from registry.store.responsible import Responsible

MAX_TEXT = 60  # characters of a name or a title
MAX_TIMES = 5  # links of one application: enough for a wrong address or two, too few to fill a mailbox
BETWEEN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NameResponsible:
    """``title`` may be empty."""

    application_id: str
    name: str
    title: str
    email: str


async def name_responsible(act: Act, by: Person, order: NameResponsible) -> None:
    """Keep him and send him the link. Naming him anew makes the earlier link void.

    Refuses with NOT_FOUND, NOT_PERMITTED (no agency), STATUS_FORBIDS (settled; confirmed already), PARAMETER_MISSING, TOO_LARGE,
    VALUE_INVALID (address), RATE_LIMITED (asked a moment ago, or too often).
    """
    application, _ = await find_within(act, by, order.application_id, lock=True)
    if by.role is not Role.AGENCY:
        zh, en = "只有申请单位可以指定责任人", "only the applicant names the responsible person"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    if not Stage(application.stage).is_open:
        raise settled(Stage(application.stage))
    before = await responsible.find(act.conn, application.id, lock=True)
    if before is not None:
        _check_again(act, before)
    one = Responsible(
        application.id, _checked("name", order.name), _checked("title", order.title, is_needed=False),
        check_email(order.email), by.actor, act.now,
    )  # fmt: skip
    await responsible.ask(act.conn, one)
    await act.remember("application.responsible_named", application.id, {"name": one.name, "title": one.title})
    await _send(act, application, one)


def _check_again(act: Act, before: Responsible) -> None:
    if before.answer == "confirmed":
        zh, en = "责任人已经确认", "the responsible person confirmed already"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="responsible")
    if before.times_asked >= MAX_TIMES or act.now - before.asked_at < BETWEEN:
        zh = f"确认链接每 10 分钟至多发送一次，每件申请至多 {MAX_TIMES} 次"
        en = f"a link is sent once in ten minutes, and at most {MAX_TIMES} times for an application"
        raise Refusal(Reason.RATE_LIMITED, zh, en, where="responsible")


def _checked(where: str, text: str, *, is_needed: bool = True) -> str:
    said = " ".join(text.split())
    if is_needed and not said:
        raise Refusal(Reason.PARAMETER_MISSING, "请填写责任人姓名", "please name the responsible person", where=where)
    if len(said) > MAX_TEXT:
        raise Refusal(Reason.TOO_LARGE, f"最多 {MAX_TEXT} 字", f"at most {MAX_TEXT} characters", where=where)
    return said


async def _send(act: Act, application: Application, one: Responsible) -> None:
    body = await bodies.find_body(act.conn, application.uscc)
    whose, name = body.name if body else application.uscc, shown(application)
    text = Text(
        f"{one.name}：{whose}申请网上名称“{name}”（申请 {application.id}），并指定您为责任人。"
        "请打开下面的链接查看并确认；如与您无关，请在同一页面说明。链接十五日内有效。",
        f"{one.name}: {whose} applies for the name “{name}” (application {application.id}) and names you as the responsible person. "
        "Please open the link to look at it and confirm; if it does not concern you, say so there. The link works for fifteen days.",
    )
    notice = Notice(
        Recipient("body", application.uscc), KIND, Text("请确认名称申请", "Please confirm an application"), text, path_of(application.id), "action",
        {"application": application.id, "asked_at": one.asked_at.isoformat()},
    )  # fmt: skip
    await deliveries.send_directly(act.conn, act.now, notice, "email", one.email, application.id)
