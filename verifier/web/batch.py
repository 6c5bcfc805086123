"""``POST /api/v1/verify/batch``: many addresses at once, as JSON or as a table (CSV), each answered like a single one.

JSON is ``{"urls": ["…"]}`` and answers ``{"answers": [{"url", "verdict", …}], "checked_at"}`` in the same order. A table has one address a
line, in its first column; the answer is a table that spreadsheets open, in which nothing can run as a formula.
"""

import asyncio
import csv
import io

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.limits import allow
from verifier.address import MAX_ADDRESS, parse_address
from verifier.verdict import Judgement
from verifier.web.answers import answer_of, body_of, stamp
from verifier.web.desk import Desk
from verifier.web.published import OPEN

MAX_ADDRESSES = 1000
BREATH = 20  # addresses, some two milliseconds, after which others are served
CSV = "text/csv"
HEADER = ("url", "verdict", "official_url", "uscc", "body", "mark", "zh", "en")
HEADINGS = frozenset({"url", "address", "网址", "地址"})


class _Order(msgspec.Struct):
    urls: list[str]


async def answer_batch(desk: Desk, request: web.Request) -> web.Response:
    """All verdicts, or a refusal: ``SYNTAX_INVALID``, ``TOO_LARGE``, ``RATE_LIMITED``."""
    is_table = request.content_type == CSV
    body = await request.read()
    urls = _read_table(body) if is_table else _read_json(body)
    if not urls or len(urls) > MAX_ADDRESSES or any(len(url) > MAX_ADDRESS for url in urls):
        raise Refusal(
            Reason.TOO_LARGE if urls else Reason.PARAMETER_MISSING,
            f"一次可核对 1 至 {MAX_ADDRESSES} 个网址，每个最长 {MAX_ADDRESS} 个字符",
            f"1 to {MAX_ADDRESSES} addresses at once, each of at most {MAX_ADDRESS} characters",
            where="urls",
        )
    allow(desk.batches, request.remote, desk.clock.monotonic())
    judgements = await _judge(desk, urls)
    at = stamp(desk.clock.now())
    if is_table or request.headers.get("Accept", "").startswith(CSV):
        return web.Response(text=_table(urls, judgements), content_type=CSV, charset="utf-8", headers=OPEN)
    answers = [
        {"url": url, **answer_of(one, desk.config.public_url, at)} for url, one in zip(urls, judgements, strict=True)
    ]
    encoded = msgspec.json.encode({"answers": answers, "checked_at": at})
    return web.Response(body=encoded, content_type="application/json", headers=OPEN)


async def _judge(desk: Desk, urls: list[str]) -> list[Judgement]:
    await desk.questions.refresh()
    judgements = []
    for count, url in enumerate(urls, 1):
        judgements.append(desk.questions.answer(parse_address(url)))
        if count % BREATH == 0:
            await asyncio.sleep(0)
    return judgements


def _read_json(body: bytes) -> list[str]:
    try:
        return msgspec.json.decode(body, type=_Order).urls
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable() from error


def _read_table(body: bytes) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable() from error
    cells = [row[0].strip() for row in rows if row and row[0].strip()]
    return cells[1:] if cells and cells[0].lower() in HEADINGS else cells


def _unreadable() -> Refusal:
    return Refusal(
        Reason.SYNTAX_INVALID,
        '请提交 {"urls": ["…"]} 形式的 JSON，或每行一个网址的 UTF-8 CSV',
        'send JSON like {"urls": ["…"]}, or UTF-8 CSV with one address a line',
        where="body",
    )


def _table(urls: list[str], judgements: list[Judgement]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for url, one in zip(urls, judgements, strict=True):
        body = body_of(one) or {}
        first = one.findings[0]
        mark = one.mark.id if one.mark else ""
        cells = (
            url,
            one.verdict,
            one.official_url or "",
            body.get("uscc", ""),
            body.get("name", ""),
            mark,
            first.zh,
            first.en,
        )
        writer.writerow([_harmless(str(cell)) for cell in cells])
    return "\ufeff" + out.getvalue()


def _harmless(cell: str) -> str:
    """What a spreadsheet would run gets an apostrophe."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
