"""What the register of 事业单位 asks for, and by when. Pure; which day offices work is an argument.

Sources: 事业单位登记管理暂行条例 (State Council Order 252), articles 6 to 19; the practice of the registers on line (terms in working days:
three to say what is missing or to accept, thirty to decide after that, thirty after a change, fifteen after a liquidation ends; the report
between 1 January and 31 March; a certificate of five years).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.kernel.errors import Text
from registry.model.institution import ActKind, ReportState
from registry.policy.naming.holder import REPORT_DUE, report_year_due

ACCEPT_DAYS = 3  # working days to accept, or to say at once all that is missing
DECISION_DAYS = 30  # working days after it was accepted (article 8)
DECISION_WARNING_DAYS = 5  # working days before that, the desk is reminded
CORRECTION_DAYS = 15  # working days for who filed it; then it is closed and may be filed anew
CHANGE_DAYS = 30  # working days after a registered fact changed
LIQUIDATION_DAYS = 15  # working days after a liquidation ended (article 13)
CERTIFICATE_YEARS = 5
RENEWAL_DAYS = 30  # days before a certificate ends, the institution is reminded
REPORT_REMINDER = (3, 1)  # month and day from which a report that is not there is asked for
_MOST_DAYS = 400  # working days that are counted; no term is longer

Calendar = Callable[[date], bool]


def end_of_term(start: date, days: int, is_working_day: Calendar) -> date:
    """The last day of a term of so many working days; the day on which it begins does not count (民法典, article 201)."""
    day = start
    for _ in range(min(days, _MOST_DAYS)):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def days_left(today: date, due: date, is_working_day: Calendar) -> int:
    """Working days until the end of the last one; negative when it is over, by so many."""
    first, last = min(today, due), max(today, due)
    length = min((last - first).days, _MOST_DAYS)
    count = sum(is_working_day(first + timedelta(days=one)) for one in range(1, length + 1))
    return count if due >= today else -count


def certificate_end(issued: date) -> date:
    """The last day on which a certificate of that day is good."""
    try:
        after = issued.replace(year=issued.year + CERTIFICATE_YEARS)
    except ValueError:  # 29 February
        after = issued.replace(year=issued.year + CERTIFICATE_YEARS, day=28)
    return after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about reports. ``certified_since`` is the day of the first certificate of this register, ``reported`` the last year
    on file, ``received`` the years whose reports wait to be looked at.
    """

    is_alive: bool
    established_on: date | None = None
    certified_since: date | None = None
    reported: int | None = None
    received: Collection[int] = field(default_factory=frozenset)

    @property
    def first_year(self) -> int | None:
        """The first year that a report is owed for, as far as this register knows; None: it knows nothing of the body's reports."""
        known = [year for year in (self.certified_since and self.certified_since.year, self.reported) if year]
        if not known:
            return None
        return max(min(known), self.established_on.year if self.established_on else 0)


def report_state(standing: Standing, year: int, today: date) -> ReportState:
    """How it stands with the report of that year (article 17: by 31 March of the next)."""
    first = standing.first_year
    if first is None or year < first:
        return ReportState.NOT_OWED
    if standing.reported is not None and year <= standing.reported:
        return ReportState.PUBLISHED
    if year in standing.received:
        return ReportState.RECEIVED
    if not standing.is_alive:
        return ReportState.NOT_OWED
    if year >= today.year:
        return ReportState.NOT_YET
    return ReportState.OVERDUE if year <= report_year_due(today) else ReportState.DUE


def missing_report(standing: Standing, today: date) -> int | None:
    """The latest year whose report is missing after its day, or None. What was received and waits counts as there."""
    year = report_year_due(today)
    return year if report_state(standing, year, today) is ReportState.OVERDUE else None


def report_due_on(year: int) -> date:
    """The last day for the report of a year."""
    return date(year + 1, *REPORT_DUE)


# ---------------------------------------------------------------- what is to be filled in


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of a form: ``form`` is text, area, day, amount (万元, two decimals), count, code or choice (of ``choices``)."""

    key: str
    title: Text
    form: str = "text"
    is_required: bool = True
    most: int = 200
    choices: Mapping[str, Text] = field(default_factory=dict)


FUNDING: Mapping[str, Text] = {
    "full": Text("财政补助", "state funds"),
    "part": Text("财政补助和经费自理", "state funds and own income"),
    "own": Text("经费自理", "own income"),
}
GROUNDS: Mapping[str, Text] = {
    "dissolved": Text("举办单位决定撤销、解散", "dissolved by its sponsor"),
    "merged": Text("因合并终止", "merged into another body"),
    "split": Text("因分立终止", "split"),
    "ordered": Text("依法责令撤销", "ordered by law"),
    "transformed": Text("改为非事业单位", "no institution any more"),
}
GROUND_STATUS: Mapping[str, str] = {"merged": "merged", "split": "split"}  # every other ground: cancelled
_ITEMS = (
    Blank("name", Text("名称", "name")),
    Blank("address", Text("住所", "seat"), most=300),
    Blank("purpose", Text("宗旨和业务范围", "purpose and scope"), "area", most=1000),
    Blank("legal_representative", Text("法定代表人", "legal representative"), most=100),
    Blank("funding", Text("经费来源", "source of funds"), "choice", choices=FUNDING),
    Blank("capital", Text("开办资金（万元）", "opening capital (10,000 yuan)"), "amount", most=16),
    Blank("sponsor_uscc", Text("举办单位代码", "code of the sponsor"), "code", most=18),
)
ITEMS: Mapping[str, Text] = {blank.key: blank.title for blank in _ITEMS}
BLANKS: Mapping[ActKind, tuple[Blank, ...]] = {
    ActKind.ESTABLISH: (
        Blank("uscc", Text("统一社会信用代码（登记管理机关赋予）", "credit code (assigned by the authority)"), "code", most=18),
        *_ITEMS,
        Blank("phone", Text("联系电话", "telephone"), is_required=False, most=100),
        Blank("authority", Text("登记管理机关", "registration authority")),
        Blank("approval", Text("批准设立文号", "number of the approval")),
    ),
    ActKind.CHANGE: (
        Blank("changed_on", Text("变更发生日期", "day of the change"), "day", most=10),
        *(Blank(b.key, b.title, b.form, is_required=False, most=b.most, choices=b.choices) for b in _ITEMS),
        Blank("basis", Text("变更原因", "reason of the change"), "area", most=500),
    ),
    ActKind.CANCEL: (
        Blank("ground", Text("注销原因", "ground"), "choice", choices=GROUNDS),
        Blank("started_on", Text("清算开始日期", "liquidation began"), "day", most=10),
        Blank("ended_on", Text("清算结束日期", "liquidation ended"), "day", most=10),
        Blank("successor_uscc", Text("承接单位代码（合并、分立时填写）", "code of the successor"), "codes", is_required=False, most=600),
        Blank("note", Text("债权债务和财产处理情况", "claims, debts and assets"), "area", most=1000),
    ),
    ActKind.REPORT: (
        Blank("overview", Text("开展业务活动情况", "activities of the year"), "area", most=4000),
        Blank("assets_start", Text("年初净资产（万元）", "net assets, beginning (10,000 yuan)"), "amount", most=16),
        Blank("assets_end", Text("年末净资产（万元）", "net assets, end (10,000 yuan)"), "amount", most=16),
        Blank("income", Text("全年收入（万元）", "income (10,000 yuan)"), "amount", most=16),
        Blank("expense", Text("全年支出（万元）", "expense (10,000 yuan)"), "amount", most=16),
        Blank("staff", Text("年末从业人数", "staff at the end"), "count", most=7),
        Blank("donations", Text("接受捐赠资助及使用情况", "donations and their use"), "area", is_required=False, most=1000),
        Blank("penalties", Text("奖惩情况", "awards and penalties"), "area", is_required=False, most=1000),
    ),
}  # fmt: skip

# ---------------------------------------------------------------- what is to be proved

PURPOSES: Mapping[str, Text] = {
    "form": Text("登记申请书（签章）", "signed application form"),
    "approval": Text("审批机关批准设立的文件", "approval of the foundation"),
    "appointment": Text("拟任法定代表人任职文件", "appointment of the legal representative"),
    "capital": Text("开办资金确认证明", "proof of the opening capital"),
    "seat": Text("住所证明", "proof of the seat"),
    "change": Text("变更事项的证明文件", "proof of the change"),
    "certificate": Text("法人证书正、副本", "certificate, both copies"),
    "dissolution": Text("撤销或者解散的文件", "decision to dissolve"),
    "liquidation": Text("有关机关确认的清算报告", "confirmed report of the liquidation"),
    "announcement": Text("发布拟注销公告的凭证", "proof of the announcements to creditors"),
    "report": Text("年度报告书（签章）", "signed annual report"),
    "other": Text("其他材料", "other"),
}
REQUIRED_PURPOSES: Mapping[ActKind, tuple[str, ...]] = {
    ActKind.ESTABLISH: ("form", "approval", "appointment", "capital", "seat"),
    ActKind.CHANGE: ("form", "change", "certificate"),
    ActKind.CANCEL: ("form", "dissolution", "liquidation", "announcement", "certificate"),
    ActKind.REPORT: ("report",),
}


def lacking_purposes(kind: ActKind, brought: Collection[str]) -> tuple[str, ...]:
    """What is still to be proved by a document."""
    return tuple(purpose for purpose in REQUIRED_PURPOSES[kind] if purpose not in brought)


def level_of(region: str, *, is_town: bool = False) -> str:
    """The level that the region of a code speaks of (GB/T 2260); a town has the code of its county."""
    if region in {"000000", "100000"}:
        return "central"
    if region.endswith("0000"):
        return "province"
    if region.endswith("00"):
        return "city"
    return "town" if is_town else "county"
