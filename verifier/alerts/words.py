"""What an alert says: what happened, since when, what it means for the mark, and what to do next, in plain words. Pure."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.clock import BEIJING
from registry.kernel.errors import Text
from verifier.judge.finding import Finding, Severity

SEVERITY_WORDS = {
    Severity.P1: ("紧急", "Urgent"),
    Severity.P2: ("重要", "Important"),
    Severity.P3: ("提醒", "Notice"),
    Severity.P4: ("记录", "Record"),
}
MARK_WORDS = {
    "suspended": (
        "网站标识已暂停，页面徽标和查验页已同步显示。",
        "The mark of the site is suspended; badge and check page say so.",
    ),
    "held": ("是否暂停网站标识由人工决定。", "A person decides whether the mark is suspended."),
    "": ("网站标识未受影响。", "The mark of the site is not affected."),
}
STEP_WORDS = {
    1: ("", ""),
    2: ("半小时前（重要事件四小时前）已通知，尚无人认领。", "It was told before and nobody has taken it in hand."),
    3: (
        "已两次通知，仍无人认领，请立即指定负责人。",
        "It was told twice and nobody has taken it in hand: name somebody now.",
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as people are told of it. ``site`` is what they call it, ``host`` the readable host."""

    incident: str
    site: str
    host: str
    severity: Severity
    finding: Finding
    confirmed_at: datetime
    mark_act: str = ""
    step: int = 1
    sites: int = 1  # of a shared platform


def of_incident(told: Told) -> tuple[Text, Text]:
    """Subject and text."""
    zh, en = SEVERITY_WORDS[told.severity]
    again_zh, again_en = ("【再次提醒】", "Reminder: ") if told.step > 1 else ("", "")
    subject = Text(
        f"{again_zh}【{zh}】{told.site}：{told.finding.zh}"[:200],
        f"{again_en}{en}: {told.host}: {told.finding.en}"[:200],
    )
    mark_zh, mark_en = MARK_WORDS.get(told.mark_act, MARK_WORDS[""])
    step_zh, step_en = STEP_WORDS[min(told.step, 3)]
    when = told.confirmed_at.astimezone(BEIJING)
    advice_zh = told.finding.advice_zh or "请登录查看证据并处理。"
    advice_en = told.finding.advice_en or "Sign in, look at the evidence and put it right."
    shared_zh = f"同一平台的 {told.sites} 个网站同时出现，按一起事件处理。" if told.sites > 1 else ""
    shared_en = f"{told.sites} sites of one platform show it at once; it is one incident. " if told.sites > 1 else ""
    return subject, Text(
        f"{told.site}（{told.host}）：{told.finding.zh}。{shared_zh}多个监测点于 {when:%Y-%m-%d %H:%M}（北京时间）核实确认。"
        f"{mark_zh}{step_zh}下一步：{advice_zh}事件编号 {told.incident}。",
        f"{told.site} ({told.host}): {told.finding.en}. {shared_en}Confirmed by several places at {when:%Y-%m-%d %H:%M} Beijing time. "
        f"{mark_en} {step_en} What to do next: {advice_en} Incident {told.incident}.",
    )


def of_recovery(told: Told, closed_at: datetime) -> tuple[Text, Text]:
    """Subject and text when it is over."""
    minutes = max(1, round((closed_at - told.confirmed_at).total_seconds() / 60))
    still_zh = "网站标识仍处于暂停状态，请确认安全后申请恢复。" if told.mark_act == "suspended" else ""
    still_en = (
        "The mark is still suspended: ask for it to be resumed once all is safe."
        if told.mark_act == "suspended"
        else ""
    )
    return (
        Text(f"【已恢复】{told.site}：{told.finding.zh}"[:200], f"Over: {told.host}: {told.finding.en}"[:200]),
        Text(
            f"{told.site}（{told.host}）此前的问题“{told.finding.zh}”经多次核查已消失，历时 {minutes} 分钟。{still_zh}事件编号 {told.incident}。",
            f"{told.site} ({told.host}): “{told.finding.en}” is gone after several looks; it lasted {minutes} minutes. "
            f"{still_en} Incident {told.incident}.",
        ),
    )


def of_digest(told: list[Told]) -> tuple[Text, Text]:
    """One letter about all that can wait until the office opens."""
    lines_zh = "；".join(f"{one.site}：{one.finding.zh}（{one.finding.advice_zh or '请处理'}）" for one in told)
    lines_en = "; ".join(
        f"{one.host}: {one.finding.en} ({one.finding.advice_en or 'please see to it'})" for one in told
    )
    return (
        Text(f"【每日汇总】网站监测提醒 {len(told)} 项", f"Daily letter: {len(told)} notices of the watch"),
        Text(f"{lines_zh}。", f"{lines_en}."),
    )


@dataclass(frozen=True, slots=True)
class Week:
    """The week of a body's site. ``score`` and ``before`` in tenths of a point; None: not judged."""

    site: str
    host: str
    score: int | None
    before: int | None
    visits: int
    failed: int
    vetoes: int
    open: int
    advice: tuple[tuple[str, str], ...]


def of_week(weeks: list[Week]) -> tuple[Text, Text]:
    """The weekly letter with the score card of each site."""
    return (
        Text("【每周成绩单】网站监测周报", "Weekly letter: how your sites did"),
        Text("\n".join(_week_zh(one) for one in weeks), "\n".join(_week_en(one) for one in weeks)),
    )


def _points(tenths: int | None) -> str:
    return "—" if tenths is None else f"{tenths / 10:.1f}"


def _open_share(one: Week) -> str:
    return f"{100 * (one.visits - one.failed) / one.visits:.2f}%" if one.visits else "—"


def _week_zh(one: Week) -> str:
    todo = "；".join(zh for zh, _ in one.advice) or "无"
    return (
        f"{one.site}（{one.host}）：得分 {_points(one.score)}（上周 {_points(one.before)}），可用率 {_open_share(one)}"
        f"（访问 {one.visits} 次），单项否决 {one.vetoes} 项，未了结事件 {one.open} 起。优先处理：{todo}。"
    )


def _week_en(one: Week) -> str:
    todo = "; ".join(en for _, en in one.advice) or "nothing"
    return (
        f"{one.site} ({one.host}): score {_points(one.score)} (last week {_points(one.before)}), open {_open_share(one)} of "
        f"{one.visits} visits, {one.vetoes} vetoes, {one.open} open incidents. First: {todo}."
    )
