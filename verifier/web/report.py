"""``/report``: a citizen tells us about a fake, with a picture if he has one, and later asks what became of it.

No login, no riddle. What keeps programs out is the token of the form and the work for it (:mod:`verifier.web.form_tokens`), a limit by network,
bounds, and a trap: a field that people do not see. What fills it in is thanked like everybody and forgotten.
"""

import hashlib
from dataclasses import dataclass, field

from aiohttp import web

from registry.kernel.errors import Refusal, Text
from registry.kernel.ids import new_public_id
from registry.kernel.web.limits import allow
from registry.kernel.web.pages import page
from verifier.address import MAX_ADDRESS, Kind, parse_address
from verifier.images.looking import Picture
from verifier.reports import store
from verifier.reports.cases import CASE_PATH, STATE_WORDS
from verifier.reports.filing import Report, file_report
from verifier.reports.opening import CASE_BITS
from verifier.web.desk import Desk
from verifier.web.form_tokens import TOKEN, WORK, WORK_BITS, Worth
from verifier.web.forms import read_form

MAX_WORDS = 2000
MAX_CONTACT = 200
NUMBER_LENGTH = 12
TRAP = "homepage"


@dataclass(slots=True)
class Filled:
    """What was filled in, and what is wrong with it by field."""

    address: str = ""
    words: str = ""
    contact: str = ""
    problems: dict[str, Text] = field(default_factory=dict)


async def show_report(desk: Desk, request: web.Request) -> web.Response:
    """The empty form; ``?address=`` fills in what the visitor has just checked."""
    return _page(desk, request, Filled(address=request.query.get("address", "")[:MAX_ADDRESS]))


async def take_report(desk: Desk, request: web.Request) -> web.Response:
    """Keep the report, or show the form again with what is wrong."""
    form = await read_form(request)
    filled = Filled(form.texts.get("address", ""), form.texts.get("words", ""), form.texts.get("contact", ""))
    _check(filled)
    if filled.problems:
        return _page(desk, request, filled, status=422)
    worth = desk.forms.use(form.texts.get(TOKEN, ""), form.texts.get(WORK, ""), desk.clock.now())
    if worth in _AGAIN:
        filled.problems["form"] = _AGAIN[worth]
        return _page(desk, request, filled, status=422)
    allow(desk.reports if worth is Worth.WORKED else desk.plain_reports, request.remote, desk.clock.monotonic())
    if form.texts.get(TRAP):
        raise web.HTTPSeeOther(f"/report/received?number={new_public_id(CASE_BITS)}")
    try:
        picture = await desk.looking.look(form.picture, is_kept=True) if form.picture else None
    except Refusal as refusal:
        filled.problems["picture"] = refusal.text
        return _page(desk, request, filled, status=422)
    number = await _keep(desk, filled, picture, form.picture)
    raise web.HTTPSeeOther(f"/report/received?number={number}")


_AGAIN = {
    Worth.STALE: Text(
        "这张表单已经用过或者过期，请再点一次提交", "This form was used or is too old; please send it again"
    ),
    Worth.HASTY: Text("请稍等几秒，再点一次提交", "Please wait a few seconds and send it again"),
}


async def show_received(_: Desk, request: web.Request) -> web.Response:
    """Thanks, and the number by which to ask."""
    number = _number(request)
    if not number:
        raise web.HTTPNotFound
    return page(request, "verifier.web/received.html", number=number)


async def show_progress(desk: Desk, request: web.Request) -> web.Response:
    """``/report/progress?number=``: what became of a report. Without a number it asks for one."""
    number = _number(request)
    if request.query.get("number"):
        desk.allow_question(request.remote)
    found = await store.find_report(desk.db, number) if number else None
    case = await store.find_case(desk.db, found[2], is_whole=False) if found and found[2] else None
    return page(
        request,
        "verifier.web/progress.html",
        status=200 if case or not request.query.get("number") else 404,
        typed=request.query.get("number", "")[:40],
        number=number,
        reported_at=found[0] if found else None,
        address=found[1] if found else "",
        case=case,
        states=STATE_WORDS,
        way=CASE_PATH,
        now=desk.clock.now(),
    )


def _number(request: web.Request) -> str:
    """The number in the address, however it was written; empty when it is none."""
    typed = request.query.get("number", "").replace(" ", "").replace("-", "").upper()
    typed = typed.translate(str.maketrans("ILO", "110"))
    return typed if len(typed) == NUMBER_LENGTH and typed.isascii() and typed.isalnum() else ""


def _check(filled: Filled) -> None:
    for name, text, longest in (
        ("address", filled.address, MAX_ADDRESS),
        ("words", filled.words, MAX_WORDS),
        ("contact", filled.contact, MAX_CONTACT),
    ):
        if len(text) > longest:
            filled.problems[name] = Text(f"最多 {longest} 个字符", f"At most {longest} characters")
    if not filled.address:
        filled.problems["address"] = Text("请填写可疑网站的地址", "Give the address of the suspicious site")
    elif "address" not in filled.problems and parse_address(filled.address).kind not in {Kind.WEB, Kind.NUMBER}:
        filled.problems["address"] = Text(
            "没有从中读出网址，请粘贴完整地址", "No address could be read from this; paste the whole address"
        )


async def _keep(desk: Desk, filled: Filled, picture: Picture | None, raw: bytes) -> str:
    judgement = await desk.questions.ask(filled.address)
    original = hashlib.sha256(raw).digest() if picture else None
    report = Report(filled.words, filled.contact, judgement, picture, original)
    return await file_report(desk.db, report, desk.clock)


def _page(desk: Desk, request: web.Request, filled: Filled, status: int = 200) -> web.Response:
    problems = {name: (text.zh, text.en) for name, text in filled.problems.items()}
    answer = page(
        request,
        "verifier.web/report.html",
        status=status,
        form=filled,
        problems=problems,
        trap=TRAP,
        token=desk.forms.new(desk.clock.now()),
        bits=WORK_BITS,
    )
    answer.headers["Cache-Control"] = "no-store"  # its token is good once
    return answer
