"""Lay the file of another department beside the register: one act, so it is there whole or not at all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from registry.establishment.comparison.laying import Laid, Step, Watch, lay_beside
from registry.establishment.comparison.reading import open_department
from registry.establishment.files import Source
from registry.flows.act import Act
from registry.flows.comparison.sight import COUNTRY, area_of
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.comparison import DEPARTMENT_WORDS, Department
from registry.model.notice import Notice, Recipient, reviewers_of
from registry.model.person import Person
from registry.store import comparison_load, comparisons
from registry.store.comparisons import Figure

_AREA = re.compile(r"(\d\d|\d{4}|\d{6})?", re.ASCII)


def _unwatched(_: Step) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class LoadComparison:
    """``area``: the first 2, 4 or 6 digits of the regions to compare; empty is all that the person reviews.

    ``complete`` says that the file holds every body of that area, so what it lacks is only here.
    """

    source: Source
    department: Department
    area: str = ""
    complete: bool = True
    watch: Watch = _unwatched


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was laid, and how many findings of each kind and state it gave."""

    laid: Laid
    figures: tuple[Figure, ...]


def open_file(path: Path, department: Department) -> Source:
    """The file, recognised by content; refuses as :func:`registry.establishment.comparison.reading.open_department`."""
    return open_department(path, department)


async def load_comparison(act: Act, person: Person, order: LoadComparison) -> Loaded:
    """Read, match, compare, keep, and tell the reviewers of each data centre how much waits for them.

    Refuses with NOT_PERMITTED (neither reviewer nor operator; an area beyond his own), VALUE_INVALID (area), and what the readers refuse
    of a file. Bad rows are in the answer and on record.
    """
    area = _checked_area(area_of(person), order.area)
    source = order.source
    number = await comparison_load.begin(
        act.conn, order.department, area, source.name, source.sha256, act.now, act.caller.actor, complete=order.complete
    )
    laid = await lay_beside(act.conn, number, source, order.department, area, order.watch, complete=order.complete)
    figures = tuple(await comparisons.figures(act.conn, [number], COUNTRY))
    snapshot = {
        "department": order.department.value, "area": area, "source": source.name, "sha256": source.sha256.hex(), "rows": laid.rows,
        "rejected": laid.rejected, "complete": order.complete,
        "found": {f"{one.kind}.{one.state}": one.many for one in figures if not one.field},
    }  # fmt: skip
    await act.remember("comparison.loaded", str(number), snapshot)
    waiting = await comparison_load.waiting_by_centre(act.conn, number)
    await act.notify(*_notices(number, order.department, waiting))
    return Loaded(laid, figures)


def _checked_area(own: str, asked: str) -> str:
    if not _AREA.fullmatch(asked):
        zh, en = "地区应为区划代码的前 2、4 或 6 位", "the area is the first 2, 4 or 6 digits of a region code"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="area", value=asked[:20])
    if asked and not asked.startswith(own):
        zh, en = "只能比对本人管辖的地区", "only the own region can be compared"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="area", value=asked)
    return asked or own


def _notices(number: int, department: Department, waiting: Iterable[tuple[str, int]]) -> list[Notice]:
    words = DEPARTMENT_WORDS[department]
    return [
        Notice(
            centre_reviewers(centre),
            "comparison.loaded",
            Text(f"与{words.zh}数据比对：{many} 项待核定", f"comparison with {words.en}: {many} to settle"),
            Text(
                f"与{words.zh}登记数据的比对（第 {number} 号）已完成，本地区有 {many} 项待核定。",
                f"Comparison {number} with the register of {words.en} is done; {many} findings of this region wait.",
            ),
            link=f"/portal/comparisons/{number}",
            severity="action",
            payload={"comparison": number, "department": department.value, "waiting": many},
            once=f"comparison-{number}-{centre}",
        )
        for centre, many in waiting
    ]


def centre_reviewers(centre: str) -> Recipient:
    """The reviewers of a data centre."""
    return reviewers_of("central", "000000") if centre == "00" else reviewers_of("province", f"{centre}0000")
