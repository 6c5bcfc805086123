"""Figures of the establishment as pages show them: how many bodies, how many of them have names and marks, and the plan's indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal, Text
from registry.store import body_months, figures
from registry.store.figures import Figure

MONTHS = 36  # what a drawing over time shows
FILLED_AT_ONCE = 6  # months that one run fills in from history: some seconds of work for millions of bodies
_DIGITS = {0: "province", 2: "city", 4: "region"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """``part`` of ``whole``; ``formula`` says in words what both are."""

    title: Text
    formula: Text
    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """None when there is nothing to take a share of."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    """``places`` are the regions one step below ``region`` (living bodies only, like the indicators); the rest by what it says.

    ``over_time`` has living bodies by ``kind`` and ``level`` and those that are not by ``status``, month by month, of the whole province.
    """

    region: str
    counted_at: datetime | None
    places: Sequence[Figure]
    kinds: Sequence[Figure]
    levels: Sequence[Figure]
    statuses: Sequence[Figure]
    months: Sequence[tuple[date, int, int]]
    over_time: Mapping[str, Sequence[tuple[date, Mapping[str, int]]]]
    indicators: Sequence[Indicator]


async def read_figures(act: Act, region: str = "") -> Figures:
    """Of the country, a province (two digits) or a city (four). Refuses with VALUE_INVALID other regions."""
    if len(region) not in _DIGITS or not (region == "" or (region.isascii() and region.isdigit())):
        raise Refusal(
            Reason.VALUE_INVALID, "区划代码须为两位或四位数字", "a region is two or four digits", where="region", value=region[:6]
        )  # fmt: skip
    places = await figures.by(act.conn, _DIGITS[len(region)], region, alive=True)
    return Figures(
        region,
        await figures.counted_at(act.conn),
        places,
        await figures.by(act.conn, "kind", region, alive=True),
        await figures.by(act.conn, "level", region, alive=True),
        await figures.by(act.conn, "status", region, alive=False),
        await figures.months(act.conn, region[:2], MONTHS),
        await _over_time(act, region[:2]),
        await _indicators(act, places, is_national=not region),
    )


async def count_figures(act: Act) -> None:
    """Count everything anew, and fill in months that no run saw; the job's act."""
    this = _this_month(act)
    await figures.count_all(act.conn, act.now, this)
    await body_months.count_this_month(act.conn, this)
    for month in await body_months.missing(act.conn, _first_month(this), this, FILLED_AT_ONCE):
        await body_months.count_from_history(act.conn, month, _next_month(month) - timedelta(days=1))


def _this_month(act: Act) -> date:
    return act.now.astimezone(BEIJING).date().replace(day=1)


def _first_month(this: date) -> date:
    years, months = divmod(this.month - MONTHS, 12)
    return date(this.year + years, months + 1, 1)


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


async def _over_time(act: Act, province: str) -> dict[str, list[tuple[date, dict[str, int]]]]:
    first, found = _first_month(_this_month(act)), {}
    for key, alive in (("kind", True), ("level", True), ("status", False)):
        months: dict[date, dict[str, int]] = {}
        for month, value, many in await body_months.by(act.conn, key, province, first, alive):
            months.setdefault(month, {})[value] = many
        found[key] = list(months.items())
    return found


async def _indicators(act: Act, places: Sequence[Figure], *, is_national: bool) -> list[Indicator]:
    """The indicators of 《全国机构编制部门电子政务发展规划（2011-2015年）》: coverage, sharing, interconnection."""
    bodies, named, marked = (sum(getattr(one, key) for one in places) for key in ("bodies", "with_name", "with_mark"))
    found = [
        Indicator(
            Text("网上名称覆盖率", "coverage by names"),
            Text("持有至少一个网上名称的存续机构数 ÷ 存续机构总数", "living bodies that hold a name ÷ living bodies"),
            named,
            bodies,
        ),
        Indicator(
            Text("网站标识覆盖率", "coverage by marks"),
            Text("持有有效网站标识的机构数 ÷ 持有网上名称的机构数", "bodies with a valid mark ÷ bodies with a name"),
            min(marked, named),
            named,
        ),
    ]
    if not is_national:
        return found
    centres = await figures.centres(act.conn)
    whole = int(centres["centres"])
    return [
        *found,
        Indicator(
            Text("信息共享率", "sharing"),
            Text(
                "已交换名录数据的省级数据中心数 ÷ 省级数据中心总数",
                "provincial centres that exchanged data ÷ all of them",
            ),
            int(centres["sharing"]),
            whole,
        ),
        Indicator(
            Text("互联互通率", "interconnection"),
            Text(
                "已在线推送数据的省级数据中心数 ÷ 省级数据中心总数",
                "provincial centres that push on line ÷ all of them",
            ),
            int(centres["online"]),
            whole,
        ),
    ]
