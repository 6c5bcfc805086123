"""A county and a neighbour for comparisons: bodies, reviewers of every level, files of departments."""

from pathlib import Path

from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.comparison.load_comparison import LoadComparison, Loaded, load_comparison, open_file
from registry.flows.comparison.settle_finding import SettleFinding, settle_finding
from registry.flows.comparison.show import Filters, read_findings
from registry.flows.runner import Runner
from registry.model.comparison import Department
from registry.model.person import Person, Role
from registry.policy.codes import compose
from registry.store.comparisons import Finding

OPERATOR = Person("cli", Role.OPERATOR)
COUNTY = Person("reviewer-county", Role.REVIEWER_COUNTY, "430121")
PROVINCE = Person("reviewer-province", Role.REVIEWER_PROVINCE, "430000")
CENTRAL = Person("reviewer-central", Role.REVIEWER_CENTRAL, "000000")
ABROAD = Person("abroad-province", Role.REVIEWER_PROVINCE, "440000")

MUSEUM = compose("12", "430121", "00000301")
LIBRARY = compose("12", "430121", "00000302")
SCHOOL = compose("12", "430121", "00000303")
TWIN = compose("12", "430121", "00000304")
TWIN_TOO = compose("12", "430121", "00000305")
SILENT = compose("12", "430121", "00000306")
GONE = compose("12", "430121", "00000307")
TIANHE = compose("12", "440106", "00000308")
HEAD = "统一社会信用代码,组织机构代码,单位详细名称,单位所在地区划代码,法定代表人,联系电话,运营状态\n"


async def fill(runner: Runner) -> None:
    """Bodies of Changsha county, and one of Tianhe."""
    lines = ["uscc,name,kind,region,level,status,legal_representative,phone"]
    for code, name, region, status in (
        (MUSEUM, "长沙县文化馆", "430121", "normal"),
        (LIBRARY, "长沙县图书馆", "430121", "normal"),
        (SCHOOL, "长沙县第一中学", "430121", "normal"),
        (TWIN, "实验小学", "430121", "normal"),
        (TWIN_TOO, "长沙县实验小学", "430121", "normal"),
        (SILENT, "长沙县档案馆", "430121", "normal"),
        (GONE, "长沙县乡镇企业局", "430121", "abolished"),
        (TIANHE, "天河区文化馆", "440106", "normal"),
    ):
        lines.append(f"{code},{name},12,{region},county,{status},张三,0731-84011234")
    path = written(runner, "bodies.csv", "\n".join(lines) + "\n")
    await import_file(runner.db, path, snapshot=False, actor="job:test", clock=runner.clock)


def written(runner: Runner, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A file with this content."""
    path = runner.config.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


ROWS = (
    f"{MUSEUM},,长沙县文化馆,430121001,张三,84011234,正常\n"  # 2: the same
    f",{LIBRARY[8:17]},长沙县图书馆,430121,李四,84011234,正常\n"  # 3: by the old code; another person
    ",,长沙县一中,430121,张三,84011234,正常\n"  # 4: by name
    ",,湖南省长沙县实验小学,430121,,,正常\n"  # 5: one of two
    ",,长沙县星沙志愿服务队,430121,,,正常\n"  # 6: only there
    ",,长沙县供销社旧仓库,430121,,,注销\n"  # 7: only there, and over
    f"{GONE},,长沙县乡镇企业局,430121,张三,,正常\n"  # 8: alive there
    f"{MUSEUM[:17]}{'0' if MUSEUM[17] != '0' else '1'},,坏代码,430121,,,正常\n"  # 9: a wrong check character
    f",{MUSEUM[8:17]},长沙县文化馆分馆,430121,,,正常\n"  # 10: a code that stands in line 2 already
)


async def laid(
    runner: Runner,
    rows: str = ROWS,
    person: Person = OPERATOR,
    area: str = "43",
    *,
    complete: bool = True,
    name: str = "统计.csv",
) -> Loaded:
    """A comparison with statistics."""
    source = open_file(written(runner, name, HEAD + rows), Department.STATISTICS)
    order = LoadComparison(source, Department.STATISTICS, area, complete)
    return await runner.run(Caller("person", person.username), lambda act: load_comparison(act, person, order))


async def found(runner: Runner, number: int, kind: str, person: Person = OPERATOR) -> list[Finding]:
    """All findings of a kind."""
    page = await runner.read(
        Caller("person", person.username), lambda act: read_findings(act, person, str(number), Filters(kind))
    )
    return list(page.lines)


async def settled(
    runner: Runner, finding: Finding, verdict: str | dict[str, str], person: Person = COUNTY, uscc: str = ""
) -> tuple[Finding, object]:
    """A finding with this verdict, or these."""
    verdicts = {"": verdict} if isinstance(verdict, str) else verdict
    order = SettleFinding(str(finding.comparison), str(finding.id), verdicts, "查阅登记档案", uscc)
    return await runner.run(Caller("person", person.username), lambda act: settle_finding(act, person, order))
