"""Terms that passed or come near are told, once each: to the institution, and to the desk of its level and place.

What an act or a report *is* on a day never waits for this (``registry.policy.institutions``): here people are told of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.flows.act import Act
from registry.flows.institution.terms import day_of
from registry.flows.institution.told import tell_desk, tell_institution
from registry.kernel.errors import Text
from registry.model.body import Body
from registry.model.notice import Notice, Recipient, Severity, reviewers_of
from registry.policy.institutions import LIQUIDATION_DAYS
from registry.store import bodies, institution_records, institutions

ACT_OVERDUE, ACT_DUE_SOON = "act_overdue", "act_due_soon"
LIQUIDATION_OVERDUE, CERTIFICATE_ENDING = "liquidation_overdue", "certificate_ending"
REPORT_DUE_SOON, REPORT_MISSING = "report_due_soon", "report_missing"
OF_ACTS = frozenset({ACT_OVERDUE, ACT_DUE_SOON})


@dataclass(frozen=True, slots=True)
class Alarm:
    """``subject`` is the id of an act or a USCC; ``year`` is of a report."""

    kind: str
    subject: str
    due_on: date
    year: int = 0

    @property
    def key(self) -> str:
        """What it is told under; the same is not told again."""
        return f"{self.subject}:{self.year or self.due_on}"


async def tell_alarms(act: Act, alarms: Sequence[Alarm]) -> int:
    """Tell those that were not told before; returns how many."""
    return sum([await _tell(act, one) for one in alarms])


async def _tell(act: Act, alarm: Alarm) -> bool:
    if not await institution_records.note_alarm(act.conn, alarm.kind, alarm.key, alarm.due_on, act.now):
        return False
    await (_tell_act if alarm.kind in OF_ACTS else _tell_body)(act, alarm)
    snapshot = {"kind": alarm.kind, "due_on": str(alarm.due_on)}
    await act.remember("institution.alarm", alarm.key, snapshot, detail={"kind": alarm.kind, "subject": alarm.subject})
    return True


async def _tell_act(act: Act, alarm: Alarm) -> None:
    found = await institutions.find(act.conn, alarm.subject)
    if found is None or not found.stage_now.is_waiting or found.due_on != alarm.due_on:
        return
    if alarm.kind == ACT_DUE_SOON:
        if alarm.due_on >= day_of(act.now):
            said = Text(f"请在 {alarm.due_on} 前办结。", f"It must be settled by {alarm.due_on}.")
            await tell_desk(act, found, "due_soon", said, "urgent")
        return
    said = Text(
        f"本应于 {alarm.due_on} 前办理，现已超期，请立即办理。", f"It was due by {alarm.due_on}; please act at once."
    )
    await tell_desk(act, found, "overdue", said, "urgent")
    ours = Text(
        f"登记管理机关本应于 {alarm.due_on} 前办理，现已超期，已提醒办理。",
        f"The authority should have acted by {alarm.due_on}; it has been reminded.",
    )
    await tell_institution(act, found, "overdue", ours)


_Said = Callable[[Body, Alarm], tuple[Text, Text]]


def _liquidation(body: Body, alarm: Alarm) -> tuple[Text, Text]:
    zh = f"清算结束后 {LIQUIDATION_DAYS} 个工作日（{alarm.due_on}）内没有申请注销登记，请尽快申请。"
    en = f"No cancellation was applied for within {LIQUIDATION_DAYS} working days after the liquidation (by {alarm.due_on})."
    return Text(f"{body.name}：逾期未申请注销登记", f"{body.name}: cancellation overdue"), Text(zh, en)


def _certificate(body: Body, alarm: Alarm) -> tuple[Text, Text]:
    zh = f"《事业单位法人证书》有效期至 {alarm.due_on}，请在到期前申请换发（通过变更登记办理换证）。"
    en = f"The certificate is good until {alarm.due_on}; please apply for a new one before."
    return Text(f"{body.name}：法人证书将到期", f"{body.name}: the certificate ends"), Text(zh, en)


def _report_soon(body: Body, alarm: Alarm) -> tuple[Text, Text]:
    zh = f"{alarm.year} 年度报告尚未报送，请在 {alarm.due_on} 前报送。"
    en = f"The annual report of {alarm.year} is not there; it is due by {alarm.due_on}."
    return Text(f"{body.name}：请报送年度报告", f"{body.name}: the annual report is due"), Text(zh, en)


def _report_missing(body: Body, alarm: Alarm) -> tuple[Text, Text]:
    zh = f"{alarm.year} 年度报告逾期未报（期限 {alarm.due_on}），请补报；补报以前，新的名称申请须由审核人员确认。"
    en = f"The annual report of {alarm.year} is missing (due by {alarm.due_on}); until it is filed a reviewer decides about new names."
    return Text(f"{body.name}：年度报告逾期未报", f"{body.name}: the annual report is missing"), Text(zh, en)


_BODIES: Mapping[str, tuple[_Said, Severity]] = {
    LIQUIDATION_OVERDUE: (_liquidation, "urgent"),
    CERTIFICATE_ENDING: (_certificate, "action"),
    REPORT_DUE_SOON: (_report_soon, "action"),
    REPORT_MISSING: (_report_missing, "urgent"),
}
_DESK_TOO = frozenset({LIQUIDATION_OVERDUE, REPORT_MISSING})


async def _tell_body(act: Act, alarm: Alarm) -> None:
    body = await bodies.find_body(act.conn, alarm.subject)
    if body is None:
        return
    maker, severity = _BODIES[alarm.kind]
    subject, said = maker(body, alarm)
    kind, payload = f"institution.{alarm.kind}", {"uscc": body.uscc, "due_on": str(alarm.due_on)}
    told = [Notice(Recipient("body", body.uscc), kind, subject, said, "/portal/institution", severity, payload)]
    if alarm.kind in _DESK_TOO:
        told.append(
            Notice(
                reviewers_of(body.level, body.region), kind, subject, said, "/portal/institutions", "action", payload
            )
        )
    await act.notify(*told)
