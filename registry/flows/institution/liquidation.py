"""清算: an institution that ends says when its liquidation began, and when it ended; the term to apply for the cancellation begins."""

from dataclasses import dataclass
from datetime import date

from registry.flows.act import Act
from registry.flows.institution.draft import not_permitted
from registry.flows.institution.reach import covers
from registry.flows.institution.terms import day_of, liquidation_due
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.body import Body
from registry.model.institution import INSTITUTION_KIND, ActKind
from registry.model.notice import Notice, Recipient, reviewers_of
from registry.model.person import REVIEWERS, Person, Role
from registry.policy.institution_fields import read_fields
from registry.policy.institutions import LIQUIDATION_DAYS
from registry.store import bodies, institution_records
from registry.store.institution_records import Liquidation


@dataclass(frozen=True, slots=True)
class NoteLiquidation:
    """Days as they were typed (2026-03-01); ``ended_on`` is empty while it goes on."""

    uscc: str
    started_on: str
    ended_on: str = ""


async def note_liquidation(act: Act, by: Person, order: NoteLiquidation) -> Liquidation:
    """Note it; what was noted before is written over, and stays in the history.

    Refuses with NOT_FOUND (not his, no institution), STATUS_FORBIDS (it is no more), PARAMETER_MISSING, VALUE_INVALID (days).
    """
    body = await _body(act, by, order.uscc)
    sent = {"started_on": order.started_on, "ended_on": order.ended_on}
    days = read_fields(ActKind.CANCEL, sent, day_of(act.now), is_whole=False)
    if "started_on" not in days:
        zh, en = "请填写清算开始日期", "please say when the liquidation began"
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="started_on")
    started, ended = day_of_text(days["started_on"]), day_of_text(days.get("ended_on", ""))
    if started is None or (ended is not None and ended < started):
        zh, en = "清算结束日期早于开始日期", "the liquidation ended before it began"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="ended_on")
    one = Liquidation(body.uscc, started, ended, liquidation_due(ended) if ended else None, act.now, by.actor)
    await institution_records.note_liquidation(act.conn, one)
    snapshot = {"started_on": str(started), "ended_on": str(ended or ""), "due_on": str(one.due_on or "")}
    await act.remember("liquidation.noted", body.uscc, snapshot)
    await _tell(act, body, one)
    return one


async def _tell(act: Act, body: Body, one: Liquidation) -> None:
    if one.due_on is None:
        said = Text(f"清算自 {one.started_on} 开始。", f"The liquidation began on {one.started_on}.")
    else:
        zh = f"清算于 {one.ended_on} 结束，请在 {one.due_on} 前（{LIQUIDATION_DAYS} 个工作日内）申请注销登记。"
        en = f"The liquidation ended on {one.ended_on}; apply for the cancellation by {one.due_on} ({LIQUIDATION_DAYS} working days)."
        said = Text(zh, en)
    subject = Text(f"{body.name}：清算", f"{body.name}: liquidation")
    payload = {"uscc": body.uscc}
    await act.notify(
        Notice(Recipient("body", body.uscc), "institution.liquidation", subject, said, "/portal/institution", "action", payload),
        Notice(reviewers_of(body.level, body.region), "institution.liquidation", subject, said, "/portal/institutions", "news", payload),
    )  # fmt: skip


async def _body(act: Act, by: Person, uscc: str) -> Body:
    if by.role not in REVIEWERS and by.role is not Role.AGENCY:
        raise not_permitted("只有事业单位和登记管理机关可以办理", "only institutions and the authority do this")
    body = await bodies.find_body(act.conn, uscc)
    is_his = body is not None and (by.uscc == uscc if by.role is Role.AGENCY else covers(by, body.region, body.level))
    if body is None or not is_his or body.kind != INSTITUTION_KIND:
        zh, en = "没有这个事业单位，或不归您办理", "there is no such institution within your reach"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="uscc")
    if not body.alive and body.status != "suspended":
        raise Refusal(Reason.STATUS_FORBIDS, "这个单位已经终止", "the body is no more", where="uscc", value=body.status)
    return body


def day_of_text(text: str) -> date | None:
    """A day that was checked before, or None."""
    return date.fromisoformat(text) if text else None
