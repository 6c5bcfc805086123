"""A body has a past: what it was called on a day, what it was, and what became of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from registry.establishment.timeline import timeline
from registry.kernel.db import Database
from registry.store.bodies import find_holder
from registry.store.body_past import as_of, name_spans, predecessors_of, successors_of, versions
from tests.establishment.county import FAMILY, HEALTH, at, body, bring, code
from tests.kit.clock import FakeClock

RENAMED = replace(
    HEALTH,
    name="长沙县卫生和计划生育局",
    short_names=("长沙县卫计局",),
    sponsor_uscc=code(1),
    changed_at=at(2014, 6, 1),
)
AGAIN = replace(
    RENAMED, name="长沙县卫生健康局", short_names=("长沙县卫健局",), phone="0731-1", changed_at=at(2019, 2, 10)
)


@pytest.fixture
async def storied(db: Database, clock: FakeClock, tmp_path: Path) -> Database:
    """A bureau that was renamed twice."""
    for version in (HEALTH, RENAMED, AGAIN):
        await bring(db, clock, tmp_path, version)
    return db


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2010, 2, 28), None),
        (date(2010, 3, 1), HEALTH.name),
        (date(2014, 5, 31), HEALTH.name),
        (date(2014, 6, 1), RENAMED.name),
        (date(2019, 2, 9), RENAMED.name),
        (date(2019, 2, 10), AGAIN.name),
        (date(2026, 1, 1), AGAIN.name),
    ],
)
async def test_a_body_is_known_as_of_any_day(storied: Database, day: date, name: str | None) -> None:
    """On each day a body has the name that was in force, the new one from the very day of the change; before the first, none is known."""
    async with storied.transaction() as conn:
        found = await as_of(conn, HEALTH.uscc, day)
    assert (found.body.name if found else None) == name


async def test_a_version_is_the_whole_body(storied: Database) -> None:
    """A past version has all columns and the names of its time, not only what changed."""
    async with storied.transaction() as conn:
        found = await as_of(conn, HEALTH.uscc, date(2015, 1, 1))
        unknown = await as_of(conn, code(99), date(2015, 1, 1))
    assert found is not None
    assert replace(found.body, former_names=()) == RENAMED
    assert HEALTH.name in found.body.former_names
    assert (found.valid_from, found.valid_to) == (date(2014, 6, 1), date(2019, 2, 10))
    assert unknown is None


async def test_every_field_has_its_spans(storied: Database) -> None:
    """The timeline tells for each field which value it had from when to when, equal neighbours joined."""
    async with storied.transaction() as conn:
        spans = timeline(await versions(conn, HEALTH.uscc))
    names = [(span.value, span.valid_from, span.valid_to) for span in spans if span.field == "name"]
    assert names == [
        (HEALTH.name, date(2010, 3, 1), date(2014, 6, 1)),
        (RENAMED.name, date(2014, 6, 1), date(2019, 2, 10)),
        (AGAIN.name, date(2019, 2, 10), None),
    ]
    sponsors = [(span.value, span.valid_from) for span in spans if span.field == "sponsor_uscc"]
    assert sponsors == [("", date(2010, 3, 1)), (code(1), date(2014, 6, 1))]
    assert [span.value for span in spans if span.field == "uscc"] == [HEALTH.uscc]


async def test_every_name_has_its_days(storied: Database) -> None:
    """Each name, full or short, present or past, is on file with its first and last day as far as known."""
    async with storied.transaction() as conn:
        spans = {span.name: (span.role, span.valid_from, span.valid_to) for span in await name_spans(conn, HEALTH.uscc)}
    assert spans == {
        AGAIN.name: ("full", date(2019, 2, 10), None),
        "长沙县卫健局": ("short", date(2019, 2, 10), None),
        RENAMED.name: ("former", date(2014, 6, 1), date(2019, 2, 10)),
        "长沙县卫计局": ("former", date(2014, 6, 1), date(2019, 2, 10)),
        HEALTH.name: ("former", None, date(2014, 6, 1)),
        "长沙县卫生局机关": ("former", None, date(2014, 6, 1)),
    }


async def test_two_changes_on_a_day_leave_the_last(storied: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Of two changes on one day the later counts as of that day, and the timeline leaves the short-lived one out."""
    await bring(storied, clock, tmp_path, replace(AGAIN, phone="0731-2", changed_at=at(2026, 5, 1)))
    await bring(storied, clock, tmp_path, replace(AGAIN, phone="0731-3", changed_at=at(2026, 5, 1)))
    async with storied.transaction() as conn:
        found = await as_of(conn, HEALTH.uscc, date(2026, 5, 1))
        spans = timeline(await versions(conn, HEALTH.uscc))
    assert found is not None
    assert found.body.phone == "0731-3"
    assert [span.value for span in spans if span.field == "phone"] == ["", "0731-1", "0731-3"]


async def test_a_body_is_not_there_before_it_was_established(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Without a day of change a body is known as far back as its establishment, and not before."""
    await bring(db, clock, tmp_path, body(5, "长沙县图书馆", established_on=date(1956, 7, 1)))
    async with db.transaction() as conn:
        assert await as_of(conn, code(5), date(1956, 6, 30)) is None
        found = await as_of(conn, code(5), date(1956, 7, 1))
    assert found is not None
    assert found.valid_from is None


async def test_a_merger_has_many_predecessors(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Two bureaus merged into a third, which was renamed into a fourth: the chain is followed in both directions, with kind and day."""
    third, fourth = body(4, "长沙县卫生和计划生育局"), body(6, "长沙县卫生健康局")
    merged = [
        replace(one, status="merged", successor_uscc=third.uscc, changed_at=at(2014, 6, 1)) for one in (HEALTH, FAMILY)
    ]
    await bring(db, clock, tmp_path, HEALTH, FAMILY, third)
    await bring(db, clock, tmp_path, *merged)
    await bring(
        db,
        clock,
        tmp_path,
        replace(third, status="renamed", successor_uscc=fourth.uscc, changed_at=at(2019, 1, 1)),
        fourth,
    )
    async with db.transaction() as conn:
        after = await successors_of(conn, HEALTH.uscc)
        before = await predecessors_of(conn, fourth.uscc)
        holder = await find_holder(conn, fourth.uscc)
    assert [(step.depth, step.successor, step.kind, step.since, step.alive) for step in after] == [
        (1, third.uscc, "merged", date(2014, 6, 1), False),
        (2, fourth.uscc, "renamed", date(2019, 1, 1), True),
    ]
    assert {(step.depth, step.predecessor, step.kind) for step in before} == {
        (1, third.uscc, "renamed"),
        (2, HEALTH.uscc, "merged"),
        (2, FAMILY.uscc, "merged"),
    }
    assert {one.uscc for one in holder.predecessors} == {third.uscc, HEALTH.uscc, FAMILY.uscc}


async def test_a_split_has_many_successors(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A body that was split names all its successors, the main one first, and each of them counts it as a predecessor."""
    one, two = body(11, "长沙县文化局"), body(12, "长沙县旅游局")
    whole = body(10, "长沙县文化旅游局")
    await bring(db, clock, tmp_path, whole, one, two)
    (tmp_path / "split.csv").write_text(
        f"uscc,name,level,status,successor_uscc,changed_at\n{whole.uscc},{whole.name},county,split,{one.uscc}|{two.uscc},2024-01-01\n"
    )
    from registry.establishment.importing import import_file

    report = await import_file(db, tmp_path / "split.csv", snapshot=False, actor="t", clock=clock)
    assert report.updated == 1
    async with db.transaction() as conn:
        after = await successors_of(conn, whole.uscc)
        holders = [await find_holder(conn, part.uscc) for part in (one, two)]
    assert {(step.successor, step.kind) for step in after} == {(one.uscc, "split"), (two.uscc, "split")}
    assert [[before.uscc for before in holder.predecessors] for holder in holders] == [[whole.uscc], [whole.uscc]]
    assert holders[0].own == one


async def test_a_corrected_successor_replaces_the_wrong_one(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """When a later row names another successor, the first is no heir any more; the old version still tells what was said."""
    one, two = body(11, "长沙县文化局"), body(12, "长沙县旅游局")
    ended = body(10, "长沙县文化旅游局", status="merged", successor_uscc=one.uscc)
    await bring(db, clock, tmp_path, ended, one, two)
    await bring(db, clock, tmp_path, replace(ended, successor_uscc=two.uscc))
    async with db.transaction() as conn:
        assert [step.successor for step in await successors_of(conn, ended.uscc)] == [two.uscc]
        assert (await find_holder(conn, one.uscc)).predecessors == ()
        assert (await versions(conn, ended.uscc))[0].body.successor_uscc == one.uscc


async def test_circles_of_successors_end(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Bodies that name each other as successors are followed once around."""
    a = body(11, "长沙县甲局", status="merged", successor_uscc=code(12))
    b = body(12, "长沙县乙局", status="merged", successor_uscc=code(11))
    await bring(db, clock, tmp_path, a, b)
    async with db.transaction() as conn:
        steps = await successors_of(conn, a.uscc)
    assert [(step.predecessor, step.successor) for step in steps] == [(a.uscc, b.uscc), (b.uscc, a.uscc)]
