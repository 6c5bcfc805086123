"""``/lookup/bulk``: many names or codes at once, typed, pasted or uploaded as CSV, answered as a table or as CSV."""

import csv
import io
from dataclasses import dataclass

from aiohttp import web

from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.app import Context
from registry.kernel.web.limits import Buckets, allow
from registry.kernel.web.pages import page
from registry.published import bodies, domains
from registry.published.records import DomainRecord, Retired, Variant
from whois.web.question import CodeQuestion, NameQuestion, read_question
from whois.web.reading import read_with
from whois.words import BODY_STATUS, DISPOSITION

MOST = 500  # questions of one form; whoever has more takes the open data
MAX_FILE = 1 << 18  # a quarter of a megabyte holds 500 lines of any length that a name has
FIRST_CELL = 300  # characters of a cell that are read
HEADINGS = ("asked", "result", "name", "holder", "uscc", "place", "status", "mark", "since")
BOM = "\ufeff"  # so that spreadsheets read UTF-8
FORMS = Buckets(per_second=10 / 60, burst=10)  # forms of one address: each costs as much as 500 questions


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its answer; ``result`` says in one word how it stands."""

    asked: str
    result: str
    name: str = ""
    holder: str = ""
    uscc: str = ""
    place: str = ""
    status: str = ""
    mark: str = ""
    since: str = ""


async def show_form(_: Context, request: web.Request) -> web.Response:
    """The empty form."""
    return page(request, "whois.web/bulk.html", rows=(), text="", most=MOST, refusal=None, headings=HEADINGS)


async def take_form(context: Context, request: web.Request) -> web.StreamResponse:
    """Answer what was typed or uploaded; ``as=csv`` gives a file. Refuses with ``TOO_LARGE``, ``SYNTAX_INVALID``, ``RATE_LIMITED``."""
    try:
        allow(FORMS, request.remote, context.clock.monotonic())
        text, wants_csv = await _read(request)
        asked = _questions(text)
    except Refusal as refusal:
        if refusal.reason is Reason.RATE_LIMITED:
            raise
        return page(
            request, "whois.web/bulk.html", status=422, rows=(), text="", most=MOST, refusal=refusal, headings=HEADINGS
        )
    rows = await read_with(context, lambda db: _answers(db, asked))
    if wants_csv:
        headers = {"Content-Disposition": 'attachment; filename="lookup.csv"', "Cache-Control": "no-store"}
        return web.Response(text=BOM + _table(rows), content_type="text/csv", charset="utf-8", headers=headers)
    return page(
        request, "whois.web/bulk.html", rows=rows, text="\n".join(asked), most=MOST, refusal=None, headings=HEADINGS
    )


async def _read(request: web.Request) -> tuple[str, bool]:
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Refusal(Reason.SYNTAX_INVALID, "这不是表单", "this is no form", where="body")
    try:
        form = await request.post()
    except (LookupError, ValueError) as error:
        raise Refusal(Reason.SYNTAX_INVALID, "表单读不懂", "the form cannot be read", where="body") from error
    parts = [str(form.get("names", ""))]
    uploaded = form.get("file")
    if isinstance(uploaded, web.FileField):
        raw = uploaded.file.read(MAX_FILE + 1)
        if len(raw) > MAX_FILE:
            raise Refusal(
                Reason.TOO_LARGE, f"文件不能超过 {MAX_FILE // 1024} KB", f"at most {MAX_FILE // 1024} KB", where="file"
            )
        parts.append(_decoded(raw))
    return "\n".join(parts), form.get("as") == "csv"


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # what spreadsheets of this country write
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(
        Reason.SYNTAX_INVALID,
        "文件不是 UTF-8 或 GB 18030 文本",
        "the file is neither UTF-8 nor GB 18030 text",
        where="file",
    )


def _questions(text: str) -> list[str]:
    """The first cell of each line, without headings, each once."""
    try:
        cells = [line[0].strip()[:FIRST_CELL] for line in csv.reader(io.StringIO(text.replace("\x00", ""))) if line]
    except csv.Error as error:
        raise Refusal(Reason.SYNTAX_INVALID, "文件不是合法的 CSV", "the file is no CSV", where="file") from error
    found = list(
        dict.fromkeys(
            cell
            for cell in cells
            if cell and cell.lower() not in ("name", "domain", "asked", "uscc", "名称", "域名", "代码")
        )
    )
    if len(found) > MOST:
        raise Refusal(Reason.TOO_LARGE, f"一次最多查 {MOST} 条", f"at most {MOST} at once", where="names")
    if not found:
        raise Refusal(Reason.PARAMETER_MISSING, "请输入要查的名称或代码", "type names or codes", where="names")
    return found


async def _answers(db: Database, asked: list[str]) -> list[Row]:
    async with db.transaction("repeatable_read", readonly=True) as conn:
        return [await _answer(conn, text) for text in asked]  # type: ignore[arg-type]  # a connection asks like a database


async def _answer(db: Database, text: str) -> Row:
    match read_question(text):
        case NameQuestion(name):
            return _of_name(text, await domains.find(db, name))
        case CodeQuestion(code):
            return await _of_code(db, text, code)
    return Row(text, "看不懂 unreadable")


def _of_name(text: str, found: DomainRecord | Variant | Retired | None) -> Row:
    match found:
        case DomainRecord():
            return _of_record(text, "已注册 registered" if found.is_live else "正在注销 being deleted", found)
        case Variant():
            return _of_record(text, DISPOSITION[found.disposition].zh, found.of)
        case Retired():
            return Row(text, "曾是官方名称 retired", found.unicode, uscc=found.uscc)
    return Row(text, "未注册 not registered")


def _of_record(text: str, result: str, record: DomainRecord) -> Row:
    body = record.body
    genuine = any(record.mark_state(mark) == "valid" for mark in record.marks)
    return Row(
        text,
        result,
        record.unicode,
        body.name if body else "",
        body.uscc if body else "",
        body.place_zh if body else "",
        BODY_STATUS[body.status].zh if body else "",
        "有效 genuine" if genuine else "",
        record.domain.created_at.date().isoformat(),
    )


async def _of_code(db: Database, text: str, code: str) -> Row:
    try:
        detail = await bodies.find(db, code)
    except Refusal as refusal:
        return Row(text, refusal.text.zh)
    if detail is None:
        return Row(text, "名录库里没有 no such body")
    names = "、".join(one.unicode for one in detail.domains if one.is_live)
    return Row(
        text,
        "机构 body",
        names,
        detail.body.name,
        detail.body.uscc,
        detail.body.place_zh,
        BODY_STATUS[detail.body.status].zh,
    )


def _table(rows: list[Row]) -> str:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(HEADINGS)
    for row in rows:
        table.writerow([_safe(getattr(row, name)) for name in HEADINGS])
    return out.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
