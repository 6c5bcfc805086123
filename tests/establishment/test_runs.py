"""Runs: previewed, resumed, loaded, taken back; scope of the sender; circles."""

from dataclasses import replace
from pathlib import Path

import pytest

from registry.establishment import loading, staging
from registry.establishment.exporting import write_bodies
from registry.establishment.files import Source, open_source
from registry.establishment.generate import generate
from registry.establishment.importing import ImportReport, import_file, import_source, preview_source
from registry.establishment.rollback import roll_back
from registry.establishment.staging import Progress
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.store.bodies import find_body, names_under
from tests.establishment.county import ACTOR, FAMILY, HEALTH, at, body, bring, code
from tests.kit.clock import FakeClock

RENAMED = replace(HEALTH, name="长沙县卫生健康局", short_names=(), changed_at=at(2019, 2, 10))


async def everything(db: Database) -> list[tuple[object, ...]]:
    """What the register holds of bodies, but for when and by which run it was written."""
    bodies = await db.fetch("select to_jsonb(b) - 'run' - 'imported_at' - 'since' as all from body b order by uscc")
    names = await db.fetch("select uscc, role, name, index_label, valid_from, valid_to from body_name order by 1, 2, 3")
    chains = await db.fetch("select predecessor, successor, kind, since from body_succession order by 1, 2")
    return [tuple(row) for rows in (bodies, names, chains) for row in rows]


async def one(db: Database, uscc: str) -> Body | None:
    async with db.transaction() as conn:
        return await find_body(conn, uscc)


async def test_a_preview_tells_and_changes_nothing(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A preview counts what would be inserted, renamed and ended, shows examples, and leaves the register untouched."""
    await bring(db, clock, tmp_path, HEALTH, FAMILY)
    before = await everything(db)
    ended = replace(FAMILY, status="merged", successor_uscc=HEALTH.uscc, changed_at=at(2019, 2, 10))
    write_bodies(tmp_path / "next.csv", [RENAMED, ended, body(9, "长沙县新局"), body(9, "长沙县又一局")])
    source = open_source(tmp_path / "next.csv")
    preview = await preview_source(db, source, snapshot=False, actor=ACTOR, clock=clock)
    assert preview.report.counts() == {"inserted": 1, "updated": 2, "unchanged": 0, "rejected": 1, "missing": 0}
    counts = preview.plan.counts
    assert (counts["renamed"], counts["ended"], counts["successor"], counts["names"]) == (1, 1, 1, 0)
    assert preview.plan.examples[0].changes == {"name": [HEALTH.name, RENAMED.name]}
    assert await everything(db) == before
    assert await db.fetchval("select count(*) from history") == 0
    assert await db.fetchval("select count(*) from change where kind = 'body.changed'") == 0


async def test_a_preview_may_be_applied_without_reading_again(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Importing the file that was previewed applies what is staged, as the same run, with the same figures."""
    await bring(db, clock, tmp_path, HEALTH)
    write_bodies(tmp_path / "next.csv", [RENAMED, FAMILY])
    source = open_source(tmp_path / "next.csv")
    preview = await preview_source(db, source, snapshot=True, actor=ACTOR, clock=clock)
    unread = replace(source, quick=_must_not_read, rows=_must_not_read)
    report = await import_source(db, unread, snapshot=True, actor=ACTOR, clock=clock)
    assert report == preview.report
    assert report.counts() == {"inserted": 1, "updated": 1, "unchanged": 0, "rejected": 0, "missing": 0}
    assert await db.fetchval("select count(*) from import_row") == 0


def _must_not_read(*_: object) -> None:
    raise AssertionError("the file is read again")


async def test_an_old_preview_is_read_anew(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """After another import what was staged before counts for nothing: the file is compared with what is on file now."""
    write_bodies(tmp_path / "next.csv", [HEALTH])
    source = open_source(tmp_path / "next.csv")
    await preview_source(db, source, snapshot=False, actor=ACTOR, clock=clock)
    await bring(db, clock, tmp_path, HEALTH, FAMILY)
    report = await import_source(db, source, snapshot=False, actor=ACTOR, clock=clock)
    assert report.counts() == {"inserted": 0, "updated": 0, "unchanged": 1, "rejected": 0, "missing": 0}
    states = await db.fetch("select state from import_run order by id")
    assert [row["state"] for row in states] == ["discarded", "applied", "applied"]


async def test_an_interrupted_import_goes_on(
    db: Database, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that stopped in the middle goes on behind the last committed batch and ends like one that did not stop."""
    monkeypatch.setattr(staging, "GROUP_ROWS", 50)
    monkeypatch.setattr("registry.establishment.lines.PIECE_BYTES", 4_000)
    write_bodies(tmp_path / "in.csv", [*generate(400, 6), replace(HEALTH, level="moon")])
    source = open_source(tmp_path / "in.csv")
    seen: list[int] = []

    def stop(progress: Progress) -> None:
        seen.append(progress.rows)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_source(db, source, snapshot=False, actor=ACTOR, clock=clock, watch=stop)
    assert await db.fetchval("select count(*) from body") == 0
    (run,) = await db.fetch("select id, state, read_lines from import_run")
    assert run["state"] == "reading"
    assert run["read_lines"] == seen[-1] + 1
    rows: list[int] = []
    report = await import_source(
        db, source, snapshot=False, actor=ACTOR, clock=clock, watch=lambda progress: rows.append(progress.rows)
    )
    assert report.run == run["id"]
    assert rows[0] > seen[-1]
    assert report.counts() == {"inserted": 400, "updated": 0, "unchanged": 0, "rejected": 1, "missing": 0}


async def test_progress_is_told(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Whoever watches hears rows and the share of the file, up to the whole."""
    heard: list[Progress] = []
    write_bodies(tmp_path / "in.csv", generate(300, 6))
    await import_file(db, tmp_path / "in.csv", snapshot=False, actor=ACTOR, clock=clock, watch=heard.append)
    assert heard[-1] == Progress(300, 1.0)


async def test_an_import_is_taken_back_as_one(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Rolling a run back puts every body, name and chain back as before, removes what was new, and is told and audited."""
    await bring(db, clock, tmp_path, HEALTH, FAMILY)
    before = await everything(db)
    ended = replace(FAMILY, status="merged", successor_uscc=HEALTH.uscc, changed_at=at(2019, 2, 10))
    report = await bring(db, clock, tmp_path, RENAMED, ended, body(9, "长沙县新局"))
    assert await everything(db) != before
    counts = await roll_back(db, report.run, actor=ACTOR, clock=clock)
    assert counts == {"restored": 2, "removed": 1}
    assert await everything(db) == before
    kinds = await db.fetch("select kind, detail from change order by seq desc limit 4")
    assert sorted(row["kind"] for row in kinds) == [
        "body.changed", "body.changed", "body.removed", "establishment.rolled_back",
    ]  # fmt: skip
    assert await db.fetchval("select act from audit_entry order by id desc limit 1") == "establishment.rollback"
    again = await bring(db, clock, tmp_path, RENAMED, ended)
    assert again.updated == 2


async def test_what_others_built_upon_is_not_taken_back(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A run whose bodies a later one changed, or hold a site by now, stays; so does one that was never applied."""
    first = await bring(db, clock, tmp_path, HEALTH, FAMILY)
    second = await bring(db, clock, tmp_path, RENAMED)
    with pytest.raises(Refusal) as caught:
        await roll_back(db, first.run, actor=ACTOR, clock=clock)
    assert caught.value.reason is Reason.STATUS_FORBIDS
    assert caught.value.evidence == {"bodies": [HEALTH.uscc]}
    await roll_back(db, second.run, actor=ACTOR, clock=clock)
    await db.execute(
        "insert into verifier.site (id, uscc, name, origin, created_at) values ('s', $1, 'x', 'y', now())", FAMILY.uscc
    )
    with pytest.raises(Refusal) as caught:
        await roll_back(db, first.run, actor=ACTOR, clock=clock)
    assert caught.value.reason is Reason.LINKED
    for run, reason in ((second.run, Reason.STATUS_FORBIDS), (999, Reason.NOT_FOUND)):
        with pytest.raises(Refusal) as caught:
            await roll_back(db, run, actor=ACTOR, clock=clock)
        assert caught.value.reason is reason


async def test_circles_of_sponsors_are_rejected(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Rows that would make a body its own superior are rejected, within a file and together with what is on file."""
    a, b, c = body(21, "甲局", sponsor_uscc=code(22)), body(22, "乙局", sponsor_uscc=code(23)), body(23, "丙局")
    report = await bring(db, clock, tmp_path, a, b, replace(c, sponsor_uscc=code(21)), HEALTH)
    assert (report.inserted, report.rejected) == (1, 3)
    assert all(row.problems[0].where == "sponsor_uscc" for row in report.rejections)
    assert (await bring(db, clock, tmp_path, a, b, c)).rejected == 0
    report = await bring(db, clock, tmp_path, replace(c, sponsor_uscc=code(21)))
    assert (report.updated, report.rejected) == (0, 1)
    assert "3 steps" in str(report.rejections[0])


async def test_a_sender_writes_only_its_own(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Of a province's file only its own bodies are taken, whatever else stands in it is rejected by row, also a body it would take over."""
    beijing = body(30, "朝阳区教育局", uscc=code(30, "110105"), region="110105")
    central = body(31, "国家某局", uscc=code(31, "100000"), region="100000", level="central")
    await bring(db, clock, tmp_path, beijing)
    taken = replace(beijing, region="430121", name="长沙县教育局")
    report = await bring(db, clock, tmp_path, HEALTH, central, taken, replace(beijing, name="别的名称"), scope="43")
    assert (report.inserted, report.updated, report.rejected) == (1, 0, 3)
    assert {row.problems[0].reason for row in report.rejections} == {Reason.NOT_PERMITTED}
    assert await one(db, beijing.uscc) == beijing


async def test_a_large_first_file_is_loaded_whole(
    db: Database, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick load of an empty register leaves the same bodies, names, chains, keys and indexes as the staged import."""
    bodies = [
        *generate(700, 11),
        replace(FAMILY, status="merged", successor_uscc=HEALTH.uscc),
        replace(HEALTH, address="甲\\乙\\N"),
    ]
    staged = await bring(db, clock, tmp_path, *bodies)
    expected = await everything(db)
    structure = await _structure(db)
    await roll_back(db, staged.run, actor=ACTOR, clock=clock)
    assert await everything(db) == []
    monkeypatch.setattr(loading, "MIN_BYTES", 1)
    loaded = await bring(db, clock, tmp_path, *bodies, snapshot=True)
    assert loaded.counts() == staged.counts()
    assert await everything(db) == expected
    assert await _structure(db) == structure
    async with db.transaction() as conn:
        label = await conn.fetchval("select index_label from body_name where name = $1", HEALTH.name)
        assert [named.uscc for named in await names_under(conn, [label])] == [HEALTH.uscc]


async def _structure(db: Database) -> list[tuple[str, str]]:
    rows = await db.fetch(
        """select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
           where conrelid in ('body'::regclass, 'body_name'::regclass)
           union all select indexname, indexdef from pg_indexes where tablename in ('body', 'body_name') order by 1, 2"""
    )
    return [(row["name"], row["definition"]) for row in rows]


@pytest.mark.parametrize("fault", ["duplicate", "circle"])
async def test_a_first_file_with_faults_takes_the_careful_way(
    db: Database, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Duplicates and circles in a large first file are rejected by line, as ever."""
    monkeypatch.setattr(loading, "MIN_BYTES", 1)
    circle = (body(21, "甲局", sponsor_uscc=code(22)), body(22, "乙局", sponsor_uscc=code(21)))
    report = await bring(db, clock, tmp_path, HEALTH, FAMILY, *((HEALTH, HEALTH) if fault == "duplicate" else circle))
    assert (report.inserted, report.rejected) == (2, 2)
    assert [row.line for row in report.rejections] == [4, 5]
    assert await db.fetchval("select count(*) from pg_indexes where tablename = 'body_name'") == 2


async def test_what_is_written_beside_an_import_shares_its_fate(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """When what goes along with an import fails, the import has not happened either."""
    write_bodies(tmp_path / "in.csv", [HEALTH])
    source: Source = open_source(tmp_path / "in.csv")

    async def fail(_: object, report: ImportReport) -> None:
        assert report.inserted == 1
        raise Refusal(Reason.STATUS_FORBIDS, "不行", "no")

    with pytest.raises(Refusal):
        await import_source(db, source, snapshot=False, actor=ACTOR, clock=clock, also=fail)
    assert await db.fetchval("select count(*) from body") == 0
    assert (await import_source(db, source, snapshot=False, actor=ACTOR, clock=clock)).inserted == 1
