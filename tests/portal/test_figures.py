"""Figures of the establishment, recomputed from the rows by another way, and the pages that show them and the bodies."""

import csv
import io
from collections import Counter

from registry.flows.act import Caller
from registry.flows.figures.read import FILLED_AT_ONCE, MONTHS, read_figures
from registry.flows.runner import Runner
from registry.jobs.figures_count import run_count
from tests.portal.test_review import decide
from tests.portal.world import COUNTY, TSINGHUA, Portal, code_of, filed

SYSTEM = Caller("job", "test")
ALIVE = {"normal", "renamed"}


async def test_figures_are_the_rows_counted(country: Runner) -> None:
    """By province, kind, level and status the page says what counting the bodies one by one says; the shares are of living bodies."""
    application = await filed(country, "central")
    await decide(country, "reviewer-central", application, "approve")
    await country.db.execute("update body set status = 'abolished' where uscc = $1", code_of(COUNTY))
    await run_count(country)
    figures = await country.read(SYSTEM, read_figures)
    rows = await country.db.fetch("select uscc, region, kind, level, status from body")
    named = {row["uscc"] for row in await country.db.fetch("select uscc from domain")}
    alive = [row for row in rows if row["status"] in ALIVE]
    assert {one.key: one.bodies for one in figures.places} == Counter(row["region"][:2] for row in alive)
    assert {one.key: one.bodies for one in figures.kinds} == Counter(row["kind"] for row in alive)
    assert {one.key: one.bodies for one in figures.levels} == Counter(row["level"] for row in alive)
    assert {one.key: one.bodies for one in figures.statuses} == Counter(row["status"] for row in rows)
    coverage = figures.indicators[0]
    assert (coverage.part, coverage.whole) == (len(named & {row["uscc"] for row in alive}), len(alive))
    assert [(alive_, with_name) for _, alive_, with_name in figures.months] == [(len(alive), 1)]
    await run_count(country)
    again = await country.read(SYSTEM, read_figures)
    assert again.places == figures.places
    assert len(again.months) == 1


async def test_the_page_leads_down_to_the_counties(portal: Portal) -> None:
    """Country, province, city: each page has its drawings and a table, and the table as a file; a region that is none is refused."""
    await run_count(portal.runner)
    tab = await portal.as_("operator")
    await tab.get("/portal/figures")
    assert 'class="tiles"' in tab.text
    assert "网上名称覆盖率" in tab.text
    assert "信息共享率" in tab.text
    await tab.get("/portal/figures?region=43")
    assert "/portal/figures?region=4301" in tab.text
    await tab.get("/portal/figures?region=4301")
    assert "长沙县" in tab.text
    await tab.get("/portal/figures?region=43&form=csv")
    table = list(csv.DictReader(io.StringIO(tab.text.removeprefix("\ufeff"))))
    assert sum(int(row["bodies"]) for row in table) == 4
    await tab.get("/portal/figures?region=4x")
    assert tab.status in {400, 422}


async def test_a_body_is_found_and_shown_with_its_life(portal: Portal) -> None:
    """By a part of its name or its code; its page tells what it was called and when, and how it was on a day."""
    tab = await portal.as_("reviewer-county")
    await tab.get("/portal/bodies?q=长沙县文化馆")
    assert f"/portal/bodies/{code_of(COUNTY)}" in tab.text
    await tab.get(f"/portal/bodies/{code_of(COUNTY)}")
    assert "长沙县文化馆" in tab.text
    assert "历次名称" in tab.text
    await tab.get(f"/portal/bodies/{code_of(COUNTY)}?day=1900-01-01")
    assert tab.status in {200, 404}
    await tab.get("/portal/bodies/123")
    assert tab.status in {400, 404, 422}
    agency = await portal.as_("agency")
    await agency.get(f"/portal/bodies/{TSINGHUA}")
    assert agency.status == 200
    await agency.get(f"/portal/bodies/{code_of(COUNTY)}")
    assert agency.status == 404


async def test_months_that_no_run_saw_are_told_by_the_history(country: Runner) -> None:
    """Abolished in March, a body is among the living in February and the gone in March; one founded in April is nowhere before."""
    uscc = code_of(COUNTY)
    await country.db.execute("update body set since = '2025-01-01', established_on = '2020-05-01'")
    await country.db.execute(
        "insert into body_past (uscc, valid_from, valid_to, ended_by, state, names) "
        "select uscc, '2025-01-01', '2026-03-10', 0, to_jsonb(b), '[]' from body b where uscc = $1",
        uscc,
    )
    await country.db.execute("update body set since = '2026-03-10', status = 'abolished' where uscc = $1", uscc)
    await country.db.execute("update body set established_on = '2026-04-20' where uscc = $1", TSINGHUA)
    for _ in range(MONTHS // FILLED_AT_ONCE + 1):
        await run_count(country)
    figures = await country.read(SYSTEM, read_figures)
    whole = await country.db.fetchval("select count(*) from body")
    living = {f"{month:%Y-%m}": sum(found.values()) for month, found in figures.over_time["kind"]}
    gone = {f"{month:%Y-%m}": dict(found) for month, found in figures.over_time["status"]}
    assert len(living) == 18  # January 2025, before which nothing is known of them, to June 2026
    assert living["2025-01"] == living["2026-02"] == whole - 1
    assert living["2026-03"] == whole - 2
    assert living["2026-04"] == living["2026-06"] == whole - 1
    assert gone == {month: {"abolished": 1} for month in ("2026-03", "2026-04", "2026-05", "2026-06")}
    assert {month: sum(found.values()) for month, found in figures.over_time["level"]} == {
        month: sum(found.values()) for month, found in figures.over_time["kind"]
    }


async def test_amounts_over_time_are_drawn_and_a_table(portal: Portal) -> None:
    """The page draws them with a legend, and gives every amount as CSV."""
    await run_count(portal.runner)
    tab = await portal.as_("operator")
    await tab.get("/portal/figures")
    assert tab.text.count('class="columns"') == 3
    await tab.get("/portal/figures?form=csv&of=months")
    table = list(csv.DictReader(io.StringIO(tab.text.removeprefix("\ufeff"))))
    whole = await portal.runner.db.fetchval("select count(*) from body where status in ('normal', 'renamed')")
    assert sum(int(row["bodies"]) for row in table if row["by"] == "level" and row["month"] == "2026-06") == whole
