"""Reading bodies: by code, with their kin, by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from registry.establishment.exporting import write_bodies
from registry.establishment.importing import import_file
from registry.kernel.db import Database
from registry.model.body import Body
from registry.policy.codes import compose
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring
from registry.store.bodies import find_body, find_holder, names_under
from tests.kit.clock import FakeClock


def code(number: int) -> str:
    return compose("11", "430121", f"{number:08d}")


def body(number: int, name: str, **fields: object) -> Body:
    plain = Body(uscc=code(number), name=name, kind="11", region="430121", level="county")
    return replace(plain, **fields)  # type: ignore[arg-type]  # test data by field name


GOVERNMENT = body(1, "长沙县人民政府", short_names=("长沙县政府",))
HEALTH = body(2, "长沙县卫生健康局", sponsor_uscc=code(1), former_names=("长沙县卫生局",), aliases=("长沙县中医药局",))
FAMILY = body(3, "长沙县卫生和计划生育局", status="merged", successor_uscc=code(2))
POPULATION = body(4, "长沙县人口局", status="merged", successor_uscc=code(3))
STATION = body(5, "长沙县卫生监督站", sponsor_uscc=code(2))
LOOP_A = body(6, "长沙县甲局", status="merged", successor_uscc=code(7))
LOOP_B = body(7, "长沙县乙局", status="merged", successor_uscc=code(6))
TWIN = body(8, "长沙县卫生局", level="town")
ALL = (GOVERNMENT, HEALTH, FAMILY, POPULATION, STATION, LOOP_A, LOOP_B, TWIN)


@pytest.fixture
async def filled(db: Database, clock: FakeClock, tmp_path: Path) -> Database:
    """A database with a county's bodies."""
    write_bodies(tmp_path / "in.csv", ALL)
    report = await import_file(db, tmp_path / "in.csv", snapshot=False, actor="t", clock=clock)
    assert report.inserted == len(ALL)
    return db


async def _close_the_loop(db: Database) -> None:
    """Imports refuse circles of sponsors; a register of old may hold one."""
    await db.execute("update body set sponsor_uscc = $2 where uscc = $1", LOOP_A.uscc, LOOP_B.uscc)
    await db.execute("update body set sponsor_uscc = $2 where uscc = $1", LOOP_B.uscc, LOOP_A.uscc)


async def test_a_body_is_found_by_its_code(filled: Database) -> None:
    """A code gives the whole body with its names, an unknown code nothing."""
    async with filled.transaction() as conn:
        assert await find_body(conn, HEALTH.uscc) == HEALTH
        assert await find_body(conn, code(99)) is None
        assert await find_body(conn, "") is None


async def test_a_holder_comes_with_predecessors_and_sponsors(filled: Database) -> None:
    """Predecessors come through any number of mergers, nearest first, and sponsors up to the top."""
    async with filled.transaction() as conn:
        health = await find_holder(conn, HEALTH.uscc)
        station = await find_holder(conn, STATION.uscc)
        nobody = await find_holder(conn, code(99))
    assert health.own == HEALTH
    assert health.predecessors == (FAMILY, POPULATION)
    assert health.sponsors == (GOVERNMENT,)
    assert station.sponsors == (HEALTH, GOVERNMENT)
    assert station.predecessors == ()
    assert nobody.own is None


async def test_circles_of_successors_and_sponsors_end(filled: Database) -> None:
    """Bodies that point at each other are answered once each, and the question ends."""
    await _close_the_loop(filled)
    async with filled.transaction() as conn:
        loop = await find_holder(conn, LOOP_A.uscc)
    assert loop.own == replace(LOOP_A, sponsor_uscc=LOOP_B.uscc)
    assert [body.uscc for body in loop.predecessors] == [LOOP_B.uscc]
    assert [body.uscc for body in loop.sponsors] == [LOOP_B.uscc]


async def test_names_are_found_under_their_labels(filled: Database) -> None:
    """All bodies with a name under a label are found, in every spelling, with role and life, the living full names first."""
    keys = Keyring(shipped_table())
    labels = [keys.key("長沙縣衛生局"), keys.key("长沙县人口局")]
    async with filled.transaction() as conn:
        found = await names_under(conn, labels)
        none = await names_under(conn, [])
    assert [(name.name, name.role, name.uscc, name.living) for name in found] == [
        ("长沙县卫生局", "full", TWIN.uscc, True),
        ("长沙县卫生局", "former", HEALTH.uscc, True),
        ("长沙县人口局", "full", POPULATION.uscc, False),
    ]
    assert found[1].body_name == HEALTH.name
    assert none == []
