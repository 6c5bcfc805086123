"""Import into a real database: counts, history, events, and nothing by halves."""

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.establishment import columns
from registry.establishment.columns import COLUMNS
from registry.establishment.exporting import write_bodies
from registry.establishment.files import Source, open_source
from registry.establishment.generate import demo_bodies, generate
from registry.establishment.importing import ImportReport, import_file, import_source
from registry.establishment.rows import Row
from registry.kernel.db import Database
from registry.kernel.errors import Refusal
from registry.model.body import Body
from registry.policy.codes import compose
from registry.store.bodies import find_body
from tests.kit.clock import FakeClock

REAL_BODIES = Path(columns.__file__).with_name("real_bodies.csv")
BUREAU = Body(
    uscc=compose("11", "430121", "12345678"),
    name="长沙县卫生和计划生育局",
    short_names=("长沙县卫计局",),
    aliases=("长沙县中医药管理局",),
    former_names=("长沙县卫生局",),
    kind="11",
    administrative=True,
    region="430121",
    level="county",
    status="normal",
    changed_at=datetime(2024, 1, 1, tzinfo=UTC),
)
OTHER = replace(
    BUREAU, uscc=compose("11", "430121", "00000017"), name="长沙县教育局", short_names=(), aliases=(), former_names=()
)


async def bring(db: Database, clock: FakeClock, path: Path, *bodies: Body, snapshot: bool = False) -> ImportReport:
    write_bodies(path / "in.csv", bodies)
    return await import_file(db, path / "in.csv", snapshot=snapshot, actor="operator:test", clock=clock)


async def on_file(db: Database, uscc: str) -> Body | None:
    async with db.transaction() as conn:
        return await find_body(conn, uscc)


async def test_what_is_imported_is_what_is_exported(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """File, import, export give the same file again, byte for byte; a second import of it changes nothing."""
    bodies = sorted(demo_bodies(), key=lambda body: body.uscc)
    report = await bring(db, clock, tmp_path, *bodies)
    assert report.counts() == {"inserted": len(bodies), "updated": 0, "unchanged": 0, "rejected": 0, "missing": 0}
    async with db.transaction() as conn:
        codes = [row["uscc"] for row in await conn.fetch('select uscc from body order by uscc collate "C"')]
        exported = [await find_body(conn, uscc) for uscc in codes]
    write_bodies(tmp_path / "out.csv", [body for body in exported if body])
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "in.csv").read_bytes()
    again = await bring(db, clock, tmp_path, *bodies, snapshot=True)
    assert again.counts() == {"inserted": 0, "updated": 0, "unchanged": len(bodies), "rejected": 0, "missing": 0}


async def test_real_and_demo_bodies_live_together(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """The shipped real bodies and the demo's bodies import without a rejection and do not overwrite each other."""
    demo = await bring(db, clock, tmp_path, *demo_bodies())
    real = await import_file(db, REAL_BODIES, snapshot=False, actor="job:demo", clock=clock)
    assert demo.rejected == real.rejected == 0
    assert real.inserted == 3
    twice = await db.fetch("select name from body group by name having count(*) > 1")
    assert twice == []


async def test_a_changed_row_updates_keeps_history_and_speaks(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """An update writes what was before into history, one change row with what differs, and an audit entry with the counts."""
    await bring(db, clock, tmp_path, BUREAU, OTHER)
    await clock.move(days=30)
    renamed = replace(BUREAU, name="长沙县卫生健康局", status="renamed", changed_at=datetime(2026, 6, 20, tzinfo=UTC))
    report = await bring(db, clock, tmp_path, renamed, OTHER)
    assert report.counts() == {"inserted": 0, "updated": 1, "unchanged": 1, "rejected": 0, "missing": 0}
    (history,) = await db.fetch("select subject, snapshot from history where object = 'body'")
    assert history["subject"] == BUREAU.uscc
    assert history["snapshot"]["name"] == BUREAU.name
    assert ["short", "长沙县卫计局"] in history["snapshot"]["names"]
    changes = await db.fetch("select kind, subject, detail from change order by seq")
    assert [row["kind"] for row in changes] == ["establishment.imported", "body.changed", "establishment.imported"]
    assert changes[1]["detail"] == {"name": [BUREAU.name, renamed.name], "status": ["normal", "renamed"]}
    audit = await db.fetch("select actor, act, subject, detail from audit_entry order by id")
    assert [row["act"] for row in audit] == ["establishment.import"] * 2
    assert '"updated":1' in audit[1]["detail"]
    runs = await db.fetch("select mode, counts, finished_at from import_run order by id")
    assert runs[1]["counts"]["updated"] == 1
    assert runs[1]["finished_at"] is not None


async def test_names_that_are_dropped_become_former_names(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """The old full, short and other names of a renamed body stay on file as former names with their last day."""
    await bring(db, clock, tmp_path, BUREAU)
    renamed = replace(
        BUREAU,
        name="长沙县卫生健康局",
        short_names=("长沙县卫健局",),
        aliases=("长沙县中医药管理局",),
        former_names=(),
        changed_at=datetime(2026, 5, 20, tzinfo=UTC),
    )
    await bring(db, clock, tmp_path, renamed)
    body = await on_file(db, BUREAU.uscc)
    assert body is not None
    assert body.name == "长沙县卫生健康局"
    assert body.short_names == ("长沙县卫健局",)
    assert body.aliases == BUREAU.aliases
    assert set(body.former_names) == {BUREAU.name, "长沙县卫计局"}
    ends = await db.fetch("select distinct valid_to from body_name where role = 'former'")
    assert [str(row["valid_to"]) for row in ends] == ["2026-05-20"]


async def test_a_snapshot_reports_what_is_missing_and_ends_nothing(
    db: Database, clock: FakeClock, tmp_path: Path
) -> None:
    """A snapshot names living bodies of its provinces that it lacks, leaves them alive, and is silent about other provinces."""
    beijing = replace(OTHER, uscc=compose("11", "110105", "00000025"), name="北京市朝阳区教育局", region="110105")
    gone = replace(OTHER, uscc=compose("11", "430121", "00000033"), name="长沙县农业局", status="abolished")
    await bring(db, clock, tmp_path, BUREAU, OTHER, beijing, gone)
    report = await bring(db, clock, tmp_path, OTHER, snapshot=True)
    assert report.missing == 1
    assert report.missing_bodies == ((BUREAU.uscc, BUREAU.name),)
    body = await on_file(db, BUREAU.uscc)
    assert body is not None
    assert body.status == "normal"


async def test_a_wrong_row_of_a_snapshot_is_not_missing(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A body whose row was rejected is wrong, not missing."""
    await bring(db, clock, tmp_path, BUREAU, OTHER)
    report = await bring(db, clock, tmp_path, replace(BUREAU, status="lively"), OTHER, snapshot=True)
    assert (report.rejected, report.missing) == (1, 0)


async def test_duplicate_codes_keep_the_first_row(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Of rows with one code the first counts; each later one is rejected with the line of the first."""
    report = await bring(
        db, clock, tmp_path, BUREAU, OTHER, replace(BUREAU, name="另一个名称"), replace(BUREAU, phone="1")
    )
    assert report.counts() == {"inserted": 2, "updated": 0, "unchanged": 0, "rejected": 2, "missing": 0}
    assert [row.line for row in report.rejections] == [4, 5]
    assert "line 2" in str(report.rejections[0])
    body = await on_file(db, BUREAU.uscc)
    assert body == BUREAU


async def test_a_row_that_arrives_late_changes_nothing(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A row older than what is on file is rejected by line, so that offline packages may arrive in any order."""
    newer = replace(BUREAU, phone="0731-1", changed_at=datetime(2025, 1, 1, tzinfo=UTC))
    await bring(db, clock, tmp_path, newer)
    report = await bring(db, clock, tmp_path, BUREAU)
    assert report.counts() == {"inserted": 0, "updated": 0, "unchanged": 0, "rejected": 1, "missing": 0}
    assert report.rejections[0].problems[0].where == "changed_at"
    assert await on_file(db, BUREAU.uscc) == newer


async def test_bad_rows_reject_nothing_else(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Among a hundred rows with three bad ones ninety-seven are taken, and the three are named by line."""
    bodies = list(generate(100, 5))
    bodies[9] = replace(bodies[9], uscc=bodies[9].uscc[:-1] + ("0" if bodies[9].uscc[-1] != "0" else "1"))
    bodies[49] = replace(bodies[49], name="")
    bodies[99] = replace(bodies[99], level="moon")
    report = await bring(db, clock, tmp_path, *bodies)
    assert (report.inserted, report.rejected) == (97, 3)
    assert [row.line for row in report.rejections] == [11, 51, 101]


async def test_a_file_that_breaks_in_the_middle_leaves_no_trace(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """When reading fails after rows were copied, the register is as before; what was read waits for the file to come again."""
    await bring(db, clock, tmp_path, BUREAU)
    source = open_source(tmp_path / "in.csv")

    def torn() -> Iterator[Row]:
        with (tmp_path / "in.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for line, cells in enumerate(reader, start=2):
                yield Row(line, {**cells, "name": "被改的名称"})
        raise OSError("the disk went away")

    with pytest.raises(Refusal, match="read to its end"):
        await import_source(db, replace(source, rows=torn, quick=None), snapshot=False, actor="t", clock=clock)
    assert await on_file(db, BUREAU.uscc) == BUREAU
    assert await db.fetchval("select count(*) from import_run where state = 'applied'") == 1
    assert await db.fetchval("select count(*) from audit_entry") == 1


async def test_two_imports_at_once_take_turns(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Two imports of the same new bodies at the same time end as one after the other: inserted once, unchanged once."""
    bodies = list(generate(500, 4))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = await asyncio.gather(
        bring(db, clock, tmp_path / "a", *bodies), bring(db, clock, tmp_path / "b", *bodies)
    )
    assert sorted((one.inserted, two.inserted)) == [0, 500]
    assert sorted((one.unchanged, two.unchanged)) == [0, 500]
    assert await db.fetchval("select count(*) from body") == 500


async def test_the_centre_is_one_province_under_both_codes(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A snapshot of the centre speaks for bodies under 000000 and under 100000 alike, and for no province."""
    old = replace(OTHER, uscc=compose("11", "100000", "00000041"), name="国家甲局", region="000000", level="central")
    new = replace(OTHER, uscc=compose("11", "100000", "00000050"), name="国家乙局", region="100000", level="central")
    await bring(db, clock, tmp_path, old, new, BUREAU)
    report = await bring(db, clock, tmp_path, new, snapshot=True)
    assert report.missing_bodies == ((old.uscc, old.name),)


async def test_a_file_that_is_no_file_is_refused(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """What cannot be opened is a refusal, and the database has not seen it."""
    with pytest.raises(Refusal):
        await import_file(db, tmp_path / "none.csv", snapshot=False, actor="t", clock=clock)
    assert await db.fetchval("select count(*) from import_run") == 0


async def test_every_name_is_found_under_one_label_for_all_spellings(
    db: Database, clock: FakeClock, tmp_path: Path
) -> None:
    """Names are stored under their index label: traditional script, brackets and spaces lead to the same one."""
    spelled = ("中国石油大学（华东）", "中国石油大学华东", "中國石油大學 (華東)")
    codes = [compose("12", "370000", f"0000010{n}") for n in range(3)]
    bodies = [
        replace(OTHER, uscc=code, name=name, kind="12", region="370000")
        for code, name in zip(codes, spelled, strict=True)
    ]
    await bring(db, clock, tmp_path, *bodies)
    labels = await db.fetch("select distinct index_label from body_name")
    assert len(labels) == 1


async def test_a_thousand_changes_in_a_file_are_one_import(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A delta of a thousand changed rows writes a thousand change rows and a thousand history rows in one run."""
    bodies = list(generate(1_000, 9))
    await bring(db, clock, tmp_path, *bodies)
    await clock.move(days=1)
    report = await bring(db, clock, tmp_path, *(replace(body, phone="010-00000000") for body in bodies))
    assert report.updated == 1_000
    assert await db.fetchval("select count(*) from change where kind = 'body.changed'") == 1_000
    assert await db.fetchval("select count(*) from history where object = 'body'") == 1_000


def test_report_counts_are_those_of_the_contract() -> None:
    """A report counts inserted, updated, unchanged, rejected and missing."""
    assert list(ImportReport(1, 2, 3, 4, 5).counts().values()) == [1, 2, 3, 4, 5]
    assert len(COLUMNS) == 20
    assert Source.__dataclass_fields__.keys() >= {"name", "sha256", "rows"}
