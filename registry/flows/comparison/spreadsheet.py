"""Findings as lines of CSV for a spreadsheet: UTF-8 with a byte order mark, and no cell that a spreadsheet would take for a formula.

A name out of a file of strangers may begin with ``=``; a spreadsheet would run it. Such a cell gets an apostrophe before it, as OWASP's advice on
CSV injection says; so does one that begins with a tab or a line break. Numbers and codes are left as text.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator

from registry.flows.act import Act, Caller
from registry.flows.comparison.show import Filters, Findings, read_findings
from registry.flows.comparison.words import FIELD_WORDS, HOW_WORDS, KIND_WORDS, STATE_WORDS, STATUS_WORDS
from registry.flows.runner import Runner
from registry.kernel.errors import Text
from registry.model.comparison import Kind
from registry.model.person import Person
from registry.store.comparisons import Finding

BOM = b"\xef\xbb\xbf"
PAGE_LINES = 2_000  # findings a transaction
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADER = (
    Text("编号", "finding"), Text("结果", "result"), Text("状态", "state"), Text("地区", "region"), Text("本库代码", "our code"),
    Text("本库名称", "our name"), Text("对方代码", "their code"), Text("对方名称", "their name"), Text("对方行号", "their line"),
    Text("对应方式", "matched by"), Text("相似度", "likeness"), Text("字段", "field"), Text("本库", "ours"), Text("对方", "theirs"),
)  # fmt: skip


async def export_findings(
    runner: Runner, caller: Caller, person: Person, number: str, kind: str = ""
) -> AsyncIterator[bytes]:
    """The findings that the person sees, of one kind or all, as pieces of a CSV file. Refuses as ``read_findings``."""
    yield BOM + _lines([[f"{one.zh} {one.en}" for one in HEADER]])
    for each in [kind] if kind else list(Kind):
        after = "000000-0"
        while after:
            page = await _page(runner, caller, person, number, Filters(kind=each, after=after))
            yield _lines(line for one in page.lines for line in _cells(one))
            after = page.after


async def _page(runner: Runner, caller: Caller, person: Person, number: str, filters: Filters) -> Findings:
    async def read(act: Act) -> Findings:
        return await read_findings(act, person, number, filters, PAGE_LINES)

    return await runner.read(caller, read)


def _cells(one: Finding) -> Iterator[list[str]]:
    """One line a difference; one line a finding that has none."""
    head = [
        str(one.id), KIND_WORDS[one.kind].zh, STATE_WORDS[one.state].zh, one.region, one.uscc, one.our_name, one.their_code, one.their_name,
        "" if one.line is None else str(one.line), HOW_WORDS[one.how].zh, f"{one.score:.2f}" if one.how in {"name", "similar"} else "",
    ]  # fmt: skip
    if one.candidates:
        yield [*head, "", " ".join(candidate["uscc"] for candidate in one.candidates), ""]
        return
    for field, (ours, theirs) in one.differences.items() or [("", ("", ""))]:
        yield [*head, FIELD_WORDS[field].zh if field else "", _shown(field, ours), _shown(field, theirs)]


def _shown(field: str, value: str) -> str:
    return STATUS_WORDS[value].zh if field == "status" and value else value


def _lines(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[guarded(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def guarded(cell: str) -> str:
    """The cell as a spreadsheet may have it."""
    return f"'{cell}" if cell.startswith(_STARTERS) else cell
