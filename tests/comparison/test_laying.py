"""A department's file beside the register: what is found, what is refused, and that it is there whole or not at all."""

import asyncio
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.establishment.comparison.laying import Step
from registry.flows.act import Caller
from registry.flows.comparison.load_comparison import LoadComparison, load_comparison, open_file
from registry.flows.comparison.show import Filters, read_findings, read_rejections
from registry.flows.comparison.spreadsheet import BOM, export_findings, guarded
from registry.flows.runner import Runner
from registry.kernel.config import load_config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.comparison import Department
from tests.comparison.world import (
    ABROAD,
    COUNTY,
    GONE,
    HEAD,
    LIBRARY,
    MUSEUM,
    OPERATOR,
    PROVINCE,
    ROWS,
    SCHOOL,
    SILENT,
    TWIN,
    TWIN_TOO,
    fill,
    found,
    laid,
    written,
)  # fmt: skip
from tests.kit.clock import FakeClock
from tests.kit.database import TestDatabases

NAMED = ["长沙县文化馆", "长沙县图书馆", "长沙县第一中学"]
TSINGHUA = "12100000400000624D"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def county(runner: Runner) -> Runner:
    """The bodies of the county."""
    await fill(runner)
    return runner


async def test_every_kind_of_finding(county: Runner) -> None:
    """Codes, old codes, names, namesakes, strangers and the dead: each row ends where it belongs, and what is wrong is told by line."""
    loaded = await laid(county)
    number = loaded.laid.comparison
    same = await found(county, number, "same")
    assert [(one.uscc, one.line, one.how) for one in same] == [(MUSEUM, 2, "uscc")]
    different = {one.uscc: one for one in await found(county, number, "different")}
    assert different[LIBRARY].how == "organisation"
    assert different[LIBRARY].differences == {"legal_representative": ["张三", "李四"]}
    assert different[SCHOOL].how == "name"
    assert different[SCHOOL].differences == {"name": ["长沙县第一中学", "长沙县一中"]}
    assert different[GONE].differences == {"status": ["ended", "active"]}
    assert set(different) == {LIBRARY, SCHOOL, GONE}
    (ambiguous,) = await found(county, number, "ambiguous")
    assert {one["uscc"] for one in ambiguous.candidates} == {TWIN, TWIN_TOO}
    assert {(one.line, one.state) for one in await found(county, number, "there")} == {(6, "open"), (7, "none")}
    assert [one.uscc for one in await found(county, number, "here")] == [SILENT]
    assert (loaded.laid.rows, loaded.laid.rejected) == (7, 2)
    refused = await county.read(Caller("person", "cli"), lambda act: read_rejections(act, OPERATOR, str(number)))
    assert [(line, problems[0]["where"]) for line, _, problems in refused] == [(9, "uscc"), (10, "code")]
    assert "第 2 行" in refused[1][2][0]["zh"]


async def test_figures_are_counted_as_the_findings_are(county: Runner) -> None:
    """The counts that pages show are those of the table, by kind, state and field."""
    await laid(county)
    counted = await county.db.fetch(
        "select kind, state, sum(many)::bigint from comparison_count where field = '' group by 1, 2"
    )
    real = await county.db.fetch("select kind, state, count(*) from comparison_finding group by 1, 2")
    assert {tuple(row) for row in counted} == {tuple(row) for row in real}
    fields = await county.db.fetch("select field, sum(many)::int from comparison_count where field <> '' group by 1")
    assert {tuple(row) for row in fields} == {("legal_representative", 1), ("name", 1), ("status", 1)}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(NAMED))
async def test_a_code_beats_every_name(county: Runner, names: list[str]) -> None:
    """However the names are dealt out, each row goes to the body whose code it bears, and nobody is given away twice."""
    codes = (MUSEUM, LIBRARY, SCHOOL)
    rows = "".join(f"{code},,{name},430121,,,正常\n" for code, name in zip(codes, names, strict=True))
    loaded = await laid(county, rows + f",,{NAMED[0]},430121,,,正常\n")
    number = loaded.laid.comparison
    pairs = [one for kind in ("same", "different") for one in await found(county, number, kind)]
    assert {(one.uscc, one.line, one.how) for one in pairs} == {
        (code, 2 + place, "uscc") for place, code in enumerate(codes)
    }
    assert [one.line for one in await found(county, number, "there")] == [5]


async def test_a_partial_file_makes_nobody_missing(county: Runner) -> None:
    """A file that says itself that it is not complete leaves nobody only here."""
    loaded = await laid(county, complete=False)
    assert await found(county, loaded.laid.comparison, "here") == []


async def test_reviewers_see_their_region(county: Runner) -> None:
    """The county's reviewer sees the county, another province's nothing of it, and only an own area may be compared."""
    loaded = await laid(county, person=PROVINCE, area="")
    number = loaded.laid.comparison
    assert len(await found(county, number, "different", COUNTY)) == 3
    assert await found(county, number, "different", ABROAD) == []
    with pytest.raises(Refusal) as refused:
        await laid(county, person=ABROAD, area="43")
    assert refused.value.reason is Reason.NOT_PERMITTED
    with pytest.raises(Refusal) as wrong:
        await laid(county, area="4a")
    assert wrong.value.reason is Reason.VALUE_INVALID


async def test_rows_outside_the_area_are_refused_by_row(county: Runner) -> None:
    """A row of another province is named and left out; the others are taken."""
    loaded = await laid(county, ROWS + ",,天河区文化馆,440106,,,正常\n")
    assert [(row.line, row.problems[0].where) for row in loaded.laid.rejections if row.line == 11] == [(11, "region")]
    assert loaded.laid.rows == 7


async def test_the_owning_centre_is_told_once(county: Runner) -> None:
    """The reviewers of the province are told how many findings wait, and the load stands in the audit log."""
    loaded = await laid(county)
    notices = await county.db.fetch(
        "select recipient, payload->>'waiting' as many, link from notice where kind = 'comparison.loaded'"
    )
    assert [tuple(row) for row in notices] == [
        ("province:430000", "6", f"/portal/comparisons/{loaded.laid.comparison}")
    ]
    assert await county.db.fetchval("select count(*) from audit_entry where act = 'comparison.loaded'") == 1


async def test_the_register_is_not_touched(county: Runner) -> None:
    """Laying a file beside it changes no body and no name."""
    before = await county.db.fetchval("select md5(string_agg(b::text, '' order by uscc)) from body b")
    await laid(county)
    assert await county.db.fetchval("select md5(string_agg(b::text, '' order by uscc)) from body b") == before


async def test_each_format_says_the_same(county: Runner) -> None:
    """UTF-8, GB18030, a workbook and JSON lines of the same rows give the same findings."""
    seen = []
    text = HEAD + ROWS
    paths = [written(county, "a.csv", text), written(county, "b.csv", text, "gb18030")]
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    book.save(county.config.data / "c.xlsx")
    names = HEAD.strip().split(",")
    objects = [
        "{"
        + ",".join(f'"{name}":"{cell}"' for name, cell in zip(names, line.split(","), strict=True))
        + ',"备注":{"x":1}}'
        for line in ROWS.splitlines()
    ]
    paths += [county.config.data / "c.xlsx", written(county, "d.jsonl", "\n".join(objects) + "\n")]
    for path in paths:
        order = LoadComparison(open_file(path, Department.STATISTICS), Department.STATISTICS, "43")
        loaded = await county.run(
            Caller("person", "cli"), lambda act, order=order: load_comparison(act, OPERATOR, order)
        )
        seen.append({(one.kind, one.state, one.field): one.many for one in loaded.figures})
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert sum(seen[0].values()) > 5


@pytest.mark.parametrize(
    ("department", "header", "row", "uscc", "day"),
    [
        (Department.CIVIL, "社会组织名称,统一社会信用代码,成立登记日期,登记状态", f"某会,{TSINGHUA},1999年3月,正常", TSINGHUA, "1999-03"),
        (Department.MARKET, "企业名称,统一社会信用代码,成立日期,经营状态", f"某厂,{TSINGHUA},1999/3/5,存续（开业）", TSINGHUA, "1999-03-05"),
        (Department.TAX, "纳税人识别号,纳税人名称,开业（设立）日期,纳税人状态", "430121400000624,某馆,1999.03.05,非正常", "", "1999-03-05"),
        (Department.STATISTICS, "组织机构代码,单位详细名称,开业时间,运营状态", "40000062-4,某馆,199903,正常运营", "", "1999-03"),
        (Department.QUALITY, "机构代码,机构名称,注册日期,代码状态", "400000624,某馆,1999-03-05,有效", "", "1999-03-05"),
    ],
)  # fmt: skip
async def test_each_department_in_its_own_words(
    county: Runner, department: Department, header: str, row: str, uscc: str, day: str
) -> None:
    """Each department's usual headers, codes of old, taxpayer numbers, ways to write a day and words for a state are read."""
    path = written(county, f"{department.value}.csv", f"{header},不比对的列\n{row},x\n")
    order = LoadComparison(open_file(path, department), department)
    loaded = await county.run(Caller("person", "cli"), lambda act: load_comparison(act, OPERATOR, order))
    assert loaded.laid.rejections == ()
    read = await county.db.fetchrow("select uscc, organisation, status, established_on from comparison_row")
    assert tuple(read) == (uscc, "400000624", "active", day)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.SYNTAX_INVALID),
        (b"a,b,c\n1,2,3\n", Reason.SYNTAX_INVALID),
        (b"PK\x03\x04torn", Reason.SYNTAX_INVALID),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 100, Reason.VALUE_INVALID),
        ("名称\n某馆\n".encode("utf-16"), Reason.VALUE_INVALID),
    ],
)
async def test_hostile_files_are_refused_whole(county: Runner, content: bytes, reason: Reason) -> None:
    """What is no file of a department is refused with its reason, and nothing of it is kept."""
    path = county.config.data / "hostile"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        order = LoadComparison(open_file(path, Department.STATISTICS), Department.STATISTICS)
        await county.run(Caller("person", "cli"), lambda act: load_comparison(act, OPERATOR, order))
    assert refused.value.reason is reason
    assert await county.db.fetchval("select count(*) from comparison") == 0


async def test_a_bomb_is_refused(county: Runner) -> None:
    """A workbook that unpacks to more than memory holds is not read."""
    path = county.config.data / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 1024 * 1024))
    with pytest.raises(Refusal) as refused:
        order = LoadComparison(open_file(path, Department.STATISTICS), Department.STATISTICS)
        await county.run(Caller("person", "cli"), lambda act: load_comparison(act, OPERATOR, order))
    assert refused.value.reason is Reason.TOO_LARGE


async def test_bad_rows_spoil_nothing_else(county: Runner) -> None:
    """Endless lines, open quotes, controls, formulas as names, wrong days and states: each named by line, the good row taken."""
    rows = (
        f"{MUSEUM},,长沙县文化馆,430121,张三,84011234,正常\n"
        f",,{'长' * 70_000},430121,,,正常\n"
        ',,"没有闭合,430121,,,正常\n'
        ",,甲\u202e乙,430121,,,正常\n"
        ",,某馆,43,,,正常\n"
        ",,某馆,430121,,,不知道\n"
        ",,,430121,,,正常\n"
        f",,{'长' * 300},430121,,,正常\n"
        "1,2\n"
    )
    loaded = await laid(county, rows)
    assert loaded.laid.rows == 1
    assert [(row.line, row.problems[0].where) for row in sorted(loaded.laid.rejections, key=lambda row: row.line)] == [
        (3, "line"), (4, "line"), (5, "name"), (6, "region"), (7, "status"), (8, "name"), (9, "name"), (10, "line"),
    ]  # fmt: skip


async def test_the_export_is_safe_in_a_spreadsheet(county: Runner) -> None:
    """The file begins with a byte order mark, holds every finding, and no cell begins a formula."""
    loaded = await laid(county, ROWS + ',,"=HYPERLINK(""http://x"")",430121,,,正常\n,,@SUM(1),430121,,,正常\n')
    content = b"".join(
        [
            piece
            async for piece in export_findings(county, Caller("person", "cli"), OPERATOR, str(loaded.laid.comparison))
        ]
    )
    assert content.startswith(BOM)
    text = content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text
    assert all(
        not cell.startswith(("=", "@", "+")) for line in text.splitlines() for cell in line.replace('"', "").split(",")
    )
    assert len(text.splitlines()) == 1 + await county.db.fetchval("select count(*) from comparison_finding")
    assert guarded("长沙县文化馆") == "长沙县文化馆"


async def test_pages_follow_one_another(county: Runner) -> None:
    """Pages of one finding each give all of them once, in the order of the regions."""
    loaded = await laid(county)
    seen, after = [], ""
    while True:
        filters = Filters("different", after=after)
        page = await county.read(
            Caller("person", "cli"),
            lambda act, filters=filters: read_findings(act, OPERATOR, str(loaded.laid.comparison), filters, 1),
        )
        seen += [one.uscc for one in page.lines]
        after = page.after
        if not after:
            break
    assert sorted(seen) == sorted([LIBRARY, SCHOOL, GONE])


async def test_progress_is_told(county: Runner) -> None:
    """Whoever watches hears of reading, matching and comparing."""
    steps: list[Step] = []
    source = open_file(written(county, "统计.csv", HEAD + ROWS), Department.STATISTICS)
    order = LoadComparison(source, Department.STATISTICS, "43", watch=steps.append)
    await county.run(Caller("person", "cli"), lambda act: load_comparison(act, OPERATOR, order))
    assert {step.stage for step in steps} == {"reading", "matching", "comparing"}


async def test_killed_in_the_middle_nothing_is_there(databases: TestDatabases, tmp_path: Path) -> None:
    """``kill -9`` while findings are written leaves no trace of the comparison; the same command then does it all."""
    async with databases.clone_dsn() as dsn:
        db = await Database.open(dsn, size=4)
        try:
            assert await _kill_and_repeat(Runner(db, FakeClock(), load_config(data=tmp_path / "data")))
        finally:
            await db.close()


async def _kill_and_repeat(runner: Runner) -> bool:
    """Kill it while it writes findings, look, do it again, look: whether one comparison is there at the end."""
    await fill(runner)
    path = written(runner, "统计.csv", HEAD + ROWS)
    async with runner.db.transaction() as conn:
        await conn.execute("lock table comparison_finding in access exclusive mode")
        process = _command(runner, path)
        async with asyncio.timeout(60):
            while not await runner.db.fetchval(_STANDS_BEFORE_THE_LOCK):  # noqa: ASYNC110 - the other side is a database
                await asyncio.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert await runner.db.fetchval("select count(*) from comparison") == 0
    assert await runner.db.fetchval("select count(*) from comparison_row") == 0
    process = _command(runner, path)
    out, err = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, err
    assert '"different.open": 3' in out
    return bool(await runner.db.fetchval("select count(*) = 1 from comparison"))


_STANDS_BEFORE_THE_LOCK = """
select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%comparison_finding%')"""


def _command(runner: Runner, path: Path) -> "subprocess.Popen[str]":
    words = [
        "compare",
        "load",
        str(path),
        "--department",
        "statistics",
        "--area",
        "43",
        "--data",
        str(runner.config.data),
    ]
    return subprocess.Popen(
        [sys.executable, "-m", "registry.cli.main", *words], cwd=ROOT, env={**os.environ, "ZHENGMING_DATABASE_URL": runner.db.dsn},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
