"""The laws of the house, each a few lines: who may import whom, one door per library, no clock, no chance, honest tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("registry", "resolver", "verifier", "whois", "migrations")

OPEN = ("registry.kernel", "registry.published")  # all that the packages beside the registry may see
MAY: dict[str, tuple[str, ...]] = {
    "registry.kernel": (),
    "registry.model": ("registry.kernel",),
    "registry.policy": ("registry.kernel", "registry.model"),
    "registry.audit": ("registry.kernel",),
    "registry.store": ("registry.kernel", "registry.model"),
    "registry.published": ("registry.kernel", "registry.model", "registry.policy"),  # reads names and statuses as the register does
    "registry.establishment": ("registry.kernel", "registry.model", "registry.policy", "registry.store", "registry.audit"),
    "registry.flows": (
        "registry.kernel", "registry.model", "registry.policy", "registry.store", "registry.audit", "registry.establishment",
    ),
    "registry.epp": ("registry.kernel", "registry.model", "registry.flows"),
    "registry.rest": ("registry.kernel", "registry.model", "registry.flows"),
    "registry.portal": ("registry.kernel", "registry.model", "registry.flows", "registry.published"),
    "registry.jobs": (
        "registry.kernel", "registry.model", "registry.policy", "registry.store", "registry.audit", "registry.establishment",
        "registry.flows", "registry.published",
    ),
    "registry.cli": ("registry",),
    "migrations": ("registry.kernel",),
    "registry": (),  # a new folder may import nothing until it has a row here
    "whois": OPEN,
    "resolver": OPEN,
    "verifier": OPEN,
}  # fmt: skip

# One door per library: who may import it. A prefix covers everything below it.
DOORS: dict[str, tuple[str, ...]] = {
    "asyncpg": ("registry.kernel.db", "registry.kernel.pg"),
    "sqlalchemy": ("registry.kernel.pg.migrate", "migrations"),
    "alembic": ("registry.kernel.pg.migrate", "migrations"),
    "lxml": ("registry.kernel.xml", "registry.epp", "registry.flows.verification.signed"),
    "signxml": ("registry.kernel.xml",),
    "dns": ("resolver", "verifier.checks"),
    "siphash24": ("resolver.chain.cookies",),
    "idna": ("registry.kernel.names", "registry.policy.idn"),
    "jwt": ("registry.rest.auth", "registry.rest.token", "verifier.marks"),
    "PIL": ("verifier.images", "verifier.checks.rendering"),
    "zxingcpp": ("verifier.images",),
    "opencc": ("registry.policy.idn", "verifier.skeleton"),
    "stdnum": ("registry.policy", "registry.establishment"),
    "pypinyin": ("registry.establishment",),
    "openpyxl": ("registry.establishment",),
    "numpy": (
        "registry.establishment",
        "verifier.key_table",
        "verifier.host_set",
        "verifier.checks.likeness",
        "verifier.lookalikes",
    ),
    "zstandard": ("verifier.monitor.records",),
    "argon2": ("registry.flows",),
    "selectolax": ("verifier.checks.page",),  # what people see is parsed as browsers parse it; lxml stays with XML
    "playwright": ("verifier.checks.rendering",),
    "reportlab": ("registry.portal.letters.paper",),
    "holidays": ("registry.kernel.working_days",),
    "aiosmtplib": ("registry.jobs.delivery.email",),
    "jinja2": ("registry.kernel.web",),
    "prometheus_client": ("registry.kernel",),
    "structlog": ("registry.kernel",),
}

# Pure places: values in, values out. No waiting, no sockets, no files' owner.
PURE = (
    "registry.model", "registry.policy", "registry.audit.chain", "registry.epp.frames", "registry.epp.session",
    "resolver.zone", "resolver.chain", "whois.disclosure", "verifier.verdict", "verifier.judge",
)  # fmt: skip
IMPURE_MODULES = {"asyncio", "socket", "ssl", "random", "time", "secrets", "subprocess", "aiohttp"}


def modules() -> Iterator[tuple[Path, str]]:
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield path, name.removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            yield str(node.module), node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def below(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(place + ".") for place in places)


def home(module: str) -> str:
    """The longest row of the table that holds this module."""
    return max((row for row in MAY if below(module, (row,))), key=len)


MODULES = list(modules())
IDS = [name for _, name in MODULES]


@pytest.mark.parametrize(("path", "module"), MODULES, ids=IDS)
def test_imports_point_inwards(path: Path, module: str) -> None:
    """No package sees more of the house than its row of the table allows."""
    mine = home(module)
    for target, line in imports(path):
        if target.split(".")[0] in OURS and not below(target, (mine, *MAY[mine])):
            parent = target.rpartition(".")[0]
            assert below(parent, (mine, *MAY[mine])), (
                f"{path}:{line}: {mine} may not import {target}; allowed: {MAY[mine] or 'itself'}"
            )


@pytest.mark.parametrize(("path", "module"), MODULES, ids=IDS)
def test_every_library_has_one_door(path: Path, module: str) -> None:
    """A library is imported only where the table of doors says."""
    for target, line in imports(path):
        library = target.split(".")[0]
        if library in DOORS:
            assert below(module, DOORS[library]), f"{path}:{line}: {library} is the business of {DOORS[library]}"


@pytest.mark.parametrize(("path", "module"), [pair for pair in MODULES if below(pair[1], PURE)])
def test_the_middle_is_pure(path: Path, module: str) -> None:
    """Policies, models, codecs and answering know no socket, no clock, no chance and never wait."""
    tree = ast.parse(path.read_text())
    waits = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
    assert not waits, f"{path}:{waits[0]}: this place is pure and may not wait"
    for target, line in imports(path):
        assert target.split(".")[0] not in IMPURE_MODULES, (
            f"{path}:{line}: this place is pure and may not import {target}"
        )


CLOCK = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.(time|time_ns)\(")
CHANCE = re.compile(r"\b(random\.(random|choice|randint|shuffle|sample)|uuid\.?uuid[14]|secrets\.|os\.urandom)\b")


@pytest.mark.parametrize(("path", "module"), MODULES, ids=IDS)
def test_nothing_reads_the_clock_or_draws_chance(path: Path, module: str) -> None:
    """Time comes from the kernel's clock and chance from the kernel's ids, so that tests can hold both still."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if module != "registry.kernel.clock":
            assert not CLOCK.search(line), (
                f"{path}:{number}: take the instant as an argument, or ask registry.kernel.clock"
            )
        if module != "registry.kernel.ids":
            assert not CHANCE.search(line), f"{path}:{number}: draw from registry.kernel.ids"


@pytest.mark.parametrize("path", [path for path, _ in MODULES if path.name == "__init__.py"], ids=str)
def test_package_files_are_empty(path: Path) -> None:
    """A package has no facade that its own interior could import."""
    assert path.read_text() == ""


FORBIDDEN_NAMES = {"utils", "helpers", "manager", "base", "common", "misc", "impl", "util", "helper", "managers"}


@pytest.mark.parametrize(("path", "module"), MODULES, ids=IDS)
def test_modules_are_named_after_what_they_do(path: Path, module: str) -> None:
    """No drawer for everything."""
    assert not FORBIDDEN_NAMES & set(module.split(".")), f"{path}: name it after what it does"


MAX_LINES = 500


@pytest.mark.parametrize(("path", "module"), MODULES, ids=IDS)
def test_a_file_is_read_in_one_sitting(path: Path, module: str) -> None:
    """Over five hundred lines a file holds more than one thing."""
    assert len(path.read_text().splitlines()) <= MAX_LINES, f"{path}: split it by what it does"


def test_functions_are_short() -> None:
    """The median function has at most twelve lines, and nine in ten fit one screen."""
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for path, _ in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    )
    assert lengths[len(lengths) // 2] <= 12
    assert lengths[len(lengths) * 9 // 10] <= 40


def written_tests() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield path, node


def test_every_test_states_a_fact() -> None:
    """Every test has a docstring that says what is true of the product."""
    silent = [f"{path}:{node.lineno} {node.name}" for path, node in written_tests() if not ast.get_docstring(node)]
    assert not silent, "\n".join(silent)


def test_every_test_can_fail() -> None:
    """Every test asserts something, expects a refusal, or calls something that asserts."""
    toothless = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in written_tests()
        if not any(
            isinstance(inner, ast.Assert)
            or (
                isinstance(inner, ast.Call)
                and re.search(
                    r"raises|assert|check|expect|verify|validate|fail|prove|same|refuse", ast.unparse(inner.func)
                )
            )
            for inner in ast.walk(node)
        )
    ]
    assert not toothless, "\n".join(toothless)


FOREIGN_TABLES = {
    "registry": r"verifier|resolver",
    "whois": r"verifier|resolver",
    "resolver": r"verifier",
    "verifier": r"resolver",
}


@pytest.mark.parametrize(("path", "module"), MODULES, ids=IDS)
def test_nobody_reads_the_tables_of_another_package(path: Path, module: str) -> None:
    """SQL of one package names another's tables nowhere; what it may know stands in the published views."""
    foreign = FOREIGN_TABLES.get(module.partition(".")[0])
    if foreign:
        found = re.search(rf"\b(from|join|into|update)\s+({foreign})\.\w+", path.read_text())
        assert not found, f"{path}: {found and found[0]}: read it through published.*"


METRIC = re.compile(r"metrics\.(counter|gauge|histogram)\(\s*\"([^\"]+)\"")
UNITS = {"counter": r".+", "gauge": r".+", "histogram": r".+_(seconds|bytes|octets)"}


def test_figures_are_named_alike() -> None:
    """A figure is ``<service>_<thing>[_<unit>]`` in lower case; durations say their unit."""
    for path, _ in MODULES:
        for kind, name in METRIC.findall(path.read_text()):
            assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name), f"{path}: {name}"
            assert re.fullmatch(UNITS[kind], name), f"{path}: {name} wants its unit"


SUPPRESSED = re.compile(r"#\s*(noqa|type:\s*ignore)")
REASONED = re.compile(r"#\s*(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\])[\s#-]+\w.+")


def test_every_suppression_names_its_rule_and_its_reason() -> None:
    """Whoever silences a check says which one and why."""
    bare = []
    for path, _ in MODULES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if SUPPRESSED.search(line) and not REASONED.search(line):
                bare.append(f"{path}:{number}: {line.strip()}")
    assert not bare, "\n".join(bare)


def test_no_commit_names_this_machine() -> None:
    """No file holds a path of the machine that it was written on, or the address of a package registry."""
    places = [str(ROOT) + "/", str(Path.home()) + "/"]
    hosts = re.compile(r"https?://(files\.pythonhosted|pypi|registry\.npmjs|deb\.debian)\.")
    for path in sorted(ROOT.rglob("*")):
        hidden = any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts)
        if (
            hidden
            or not path.is_file()
            or {"var", "node_modules", "build", "__pycache__"} & set(path.relative_to(ROOT).parts)
        ):
            continue
        raw = path.read_bytes()
        if b"\0" in raw[:1024]:
            continue
        text = raw.decode(errors="replace")
        assert not any(place in text for place in places), f"{path} names a path of this machine"
        assert not hosts.search(text), f"{path} names a package registry"
