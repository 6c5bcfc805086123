"""A county's bodies for tests of history, runs and events, and a short way to import them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from registry.establishment.exporting import write_bodies
from registry.establishment.importing import ImportReport, import_file
from registry.kernel.db import Database
from registry.model.body import Body
from registry.policy.codes import compose
from tests.kit.clock import FakeClock

ACTOR = "operator:test"


def code(number: int, region: str = "430121", kind: str = "11") -> str:
    return compose(kind, region, f"{number:08d}")


def body(number: int, name: str, **fields: object) -> Body:
    plain = Body(uscc=code(number), name=name, kind="11", region="430121", level="county")
    return replace(plain, **fields)  # type: ignore[arg-type]  # test data by field name


def at(year: int, month: int, day: int) -> datetime:
    """Ten o'clock in Beijing."""
    return datetime(year, month, day, 2, tzinfo=UTC)


HEALTH = body(2, "长沙县卫生局", short_names=("长沙县卫生局机关",), changed_at=at(2010, 3, 1))
FAMILY = body(3, "长沙县人口和计划生育局", changed_at=at(2010, 3, 1))


async def bring(
    db: Database, clock: FakeClock, folder: Path, *bodies: Body, snapshot: bool = False, scope: str = ""
) -> ImportReport:
    """Import these bodies from a file."""
    folder.mkdir(exist_ok=True)
    write_bodies(folder / "in.csv", bodies)
    return await import_file(db, folder / "in.csv", snapshot=snapshot, actor=ACTOR, clock=clock, scope=scope)
