"""The desk of comparisons: what a reviewer sees, settles, prints and takes along."""

from io import BytesIO

import aiohttp
import pytest

from registry.flows.act import Caller
from registry.flows.comparison.load_comparison import LoadComparison, load_comparison, open_file
from registry.model.comparison import Department
from registry.model.person import Person, Role
from tests.portal.world import ABROAD, AGENT, CITY, COUNTY, Portal, code_of

HEAD = "统一社会信用代码,单位详细名称,单位所在地区划代码,法定代表人,联系电话,运营状态\n"
ROWS = (
    f"{code_of(COUNTY)},长沙县文化馆,430121,李四<b>,84011234,正常\n"
    f"{code_of(CITY)},长沙市图书馆,430100,张三,84011234,正常\n"
    f"{code_of(ABROAD)},天河区文化馆,440106,王五,84011234,正常\n"
    ',"=HYPERLINK(""http://x"")",430121,张三,,正常\n'
)


async def laid(portal: Portal) -> int:
    """A comparison of the whole country."""
    path = portal.runner.config.data / "统计.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + ROWS, encoding="utf-8")
    order = LoadComparison(open_file(path, Department.STATISTICS), Department.STATISTICS, complete=False)
    operator = Person("operator", Role.OPERATOR)
    loaded = await portal.runner.run(Caller("person", "operator"), lambda act: load_comparison(act, operator, order))
    return loaded.laid.comparison


async def finding_of(portal: Portal, uscc: str) -> int:
    """The number of the finding about a body."""
    number: int = await portal.runner.db.fetchval("select id from comparison_finding where uscc = $1", uscc)
    return number


async def test_a_reviewer_settles_from_the_page(portal: Portal) -> None:
    """The list, the findings of the own region alone, the card with marked characters, the verdict, the task for the own centre."""
    number = await laid(portal)
    tab = await portal.as_("reviewer-county")
    await tab.get("/portal/comparisons")
    assert tab.status == 200
    assert "统计" in tab.text
    assert "<svg" in tab.text
    await tab.get(f"/portal/comparisons/{number}")
    assert "长沙县文化馆" in tab.text
    assert "天河区文化馆" not in tab.text
    assert "李四&lt;b&gt;" in tab.text
    finding = await finding_of(portal, code_of(COUNTY))
    path = f"/portal/comparisons/{number}/findings/{finding}"
    await tab.get(path)
    assert "<mark>李四&lt;b&gt;</mark>" in tab.text
    await tab.post(path, {"verdict": "theirs", "seen": "open"})
    assert tab.status == 400
    assert 'role="alert"' in tab.text
    await tab.post(path, {"verdict": "theirs", "seen": "open", "remark": "任免文件第 12 号"})
    assert tab.status == 303
    await tab.get(path)
    assert "任免文件第 12 号" in tab.text
    assert (
        await portal.runner.db.fetchval("select legal_representative from body where uscc = $1", code_of(COUNTY))
        == "张三"
    )


async def test_the_owner_writes_the_correction(portal: Portal) -> None:
    """From the list of tasks the owning centre's reviewer declines or applies; the centre of the country cannot."""
    number = await laid(portal)
    finding = await finding_of(portal, code_of(COUNTY))
    tab = await portal.as_("reviewer-province")
    await tab.get(f"/portal/comparisons/{number}/findings/{finding}")
    await tab.post(
        f"/portal/comparisons/{number}/findings/{finding}", {"verdict-legal_representative": "theirs", "remark": "核实"}
    )
    assert tab.status == 303
    task = await portal.runner.db.fetchval("select id from correction_task")
    central = await portal.as_("reviewer-central")
    await central.get("/portal/corrections")
    assert "核实" in central.text
    assert 'value="apply"' not in central.text
    await tab.get("/portal/corrections")
    await tab.post(f"/portal/corrections/{task}", {"do": "declined"})
    assert tab.status in {400, 422}
    await tab.get("/portal/corrections")
    await tab.post(f"/portal/corrections/{task}", {"do": "apply"})
    assert tab.status == 303
    assert (
        await portal.runner.db.fetchval("select legal_representative from body where uscc = $1", code_of(COUNTY))
        == "李四<b>"
    )


async def test_the_export_and_the_report(portal: Portal) -> None:
    """The export is CSV with a byte order mark and no formula; the report has totals, charts and the list, in both languages."""
    number = await laid(portal)
    tab = await portal.as_("reviewer-province")
    await tab.get(f"/portal/comparisons/{number}/export")
    assert tab.headers["Content-Type"].startswith("text/csv")
    assert tab.text.startswith("\ufeff编号")
    assert "'=HYPERLINK" in tab.text
    assert "天河区文化馆" not in tab.text
    await tab.get(f"/portal/comparisons/{number}/report")
    assert tab.status == 200
    assert "汇总" in tab.text
    assert "Totals" in tab.text
    assert tab.text.count("<svg") >= 2
    assert "长沙县文化馆" in tab.text


async def test_filters_that_are_none_are_refused(portal: Portal) -> None:
    """An unknown kind, state or field is told, a wrong cursor is the first page, a comparison that is not there does not exist."""
    number = await laid(portal)
    tab = await portal.as_("auditor")
    for query in ("kind=x", "state=%27", "field=name;drop"):
        assert (await tab.get(f"/portal/comparisons/{number}?{query}")).status in {400, 422}
    assert (await tab.get(f"/portal/comparisons/{number}?after=zz-9999999999999999999999")).status == 200
    for path in ("999999", "x", "9" * 40):
        assert (await tab.get(f"/portal/comparisons/{path}")).status == 404
    finding = await finding_of(portal, code_of(ABROAD))
    county = await portal.as_("reviewer-county")
    assert (await county.get(f"/portal/comparisons/{number}/findings/{finding}")).status == 404


async def upload(
    portal: Portal, role: str, content: bytes, name: str = "统计.csv", **fields: str
) -> tuple[int, str, str]:
    """Send the form as a browser does: status, where it leads, the page."""
    tab = await portal.as_(role)
    await tab.get("/portal/comparisons")
    form = aiohttp.FormData(quote_fields=False)
    for key, value in {"csrf": tab.csrf, "department": "statistics", **fields}.items():
        form.add_field(key, value)
    form.add_field("file", BytesIO(content), filename=name, content_type="text/csv")
    cookie = "; ".join(f"{key}={value}" for key, value in tab.cookies.items())
    headers = {"Cookie": cookie, "User-Agent": AGENT}
    async with tab.client.post(
        f"{portal.url}/portal/comparisons", data=form, headers=headers, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def test_a_reviewer_uploads_a_departments_file(portal: Portal) -> None:
    """GB18030 or UTF-8, it is laid beside the rows of his own region; rows of another's are refused by line, and the act is on record."""
    status, where, page = await upload(
        portal, "reviewer-county", (HEAD + ROWS).encode("gb18030"), "../c:\\数据\\统计\u202e.csv"
    )
    assert status == 303, page
    kept = await portal.runner.db.fetchrow("select area, source, rows, rejected, loaded_by, complete from comparison")
    assert kept is not None
    assert dict(kept) == {
        "area": "430121", "source": "统计.csv", "rows": 2, "rejected": 2, "loaded_by": "person:reviewer-county", "complete": False,
    }  # fmt: skip
    tab = await portal.as_("reviewer-county")
    await tab.get(where)
    assert "长沙县文化馆" in tab.text
    told = await portal.runner.db.fetchval("select count(*) from audit_entry where act = 'comparison.loaded'")
    assert told == 1


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"", {}),
        (b"PK\x03\x04" + bytes(100), {}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), {}),
        ("甲,乙\n1,2\n".encode(), {}),
        ((HEAD + ROWS).encode(), {"department": "police"}),
        ((HEAD + ROWS).encode(), {"area": "11"}),
        ((HEAD + ROWS).encode(), {"area": "4x"}),
    ],
    ids=["nothing", "broken workbook", "old workbook", "other columns", "no department", "foreign area", "no area"],
)
async def test_a_file_that_cannot_be_compared_says_why(portal: Portal, content: bytes, fields: dict[str, str]) -> None:
    """The page says it in both languages, and nothing of a comparison is left behind."""
    status, _, page = await upload(portal, "reviewer-county", content, **fields)
    assert 400 <= status < 500
    assert 'role="alert"' in page
    assert await portal.runner.db.fetchval("select count(*) from comparison") == 0


async def test_only_who_reviews_or_operates_uploads(portal: Portal) -> None:
    """The auditor reads comparisons and lays none."""
    status, _, _ = await upload(portal, "auditor", (HEAD + ROWS).encode())
    assert status == 403
