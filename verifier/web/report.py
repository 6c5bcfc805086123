"""``/report``: a citizen tells us about a fake. No login, no riddle to solve; what keeps programs out is a
limit, a bound and a trap.

The trap is a field that people do not see: what fills it in is thanked like everybody and forgotten.
"""

from dataclasses import dataclass, field

from aiohttp import web

from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.ids import new_public_id
from registry.kernel.web.limits import allow
from registry.kernel.web.pages import page
from verifier.address import MAX_ADDRESS, Kind, parse_address
from verifier.marks import store
from verifier.web.desk import Desk

MAX_WORDS = 2000
MAX_CONTACT = 200
CASE_BITS = 60  # twelve characters that a person can note down
CASE_LENGTH = 12
TRAP = "homepage"


@dataclass(slots=True)
class Form:
    """What was filled in, and what is wrong with it by field."""

    address: str = ""
    words: str = ""
    contact: str = ""
    trap: str = ""
    problems: dict[str, Text] = field(default_factory=dict)


async def show_report(_: Desk, request: web.Request) -> web.Response:
    """The empty form; ``?address=`` fills in what the visitor has just checked."""
    return _page(request, Form(address=request.query.get("address", "")[:MAX_ADDRESS]))


async def take_report(desk: Desk, request: web.Request) -> web.Response:
    """Keep the report, or show the form again with what is wrong."""
    _refuse_foreign(request)
    form = await _read(request)
    _check(form)
    if form.problems:
        return _page(request, form, status=422)
    allow(desk.reports, request.remote, desk.clock.monotonic())
    case = new_public_id(CASE_BITS)
    if not form.trap:
        await _keep(desk, form, case)
    raise web.HTTPSeeOther(f"/report/received?case={case}")


async def show_received(_: Desk, request: web.Request) -> web.Response:
    """Thanks, and the number of the case."""
    case = request.query.get("case", "")
    if len(case) != CASE_LENGTH or not (case.isascii() and case.isalnum()):
        raise web.HTTPNotFound
    return page(request, "verifier.web/received.html", case=case)


def _refuse_foreign(request: web.Request) -> None:
    """A page elsewhere must not file reports with its visitors' browsers."""
    origin = request.headers.get("Origin", "")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"} or (
        origin not in {"", "null"} and origin.partition("://")[2] != request.host
    ):
        raise Refusal(Reason.NOT_PERMITTED, "请在本页面填写举报", "please use the form on this site")


async def _read(request: web.Request) -> Form:
    try:
        data = await request.post()
    except ValueError as error:
        raise Refusal(Reason.SYNTAX_INVALID, "表单读不出来", "the form cannot be read") from error
    texts = {key: value.replace("\x00", "").strip() for key, value in data.items() if isinstance(value, str)}
    return Form(texts.get("address", ""), texts.get("words", ""), texts.get("contact", ""), texts.get(TRAP, ""))


def _check(form: Form) -> None:
    for name, text, longest in (
        ("address", form.address, MAX_ADDRESS),
        ("words", form.words, MAX_WORDS),
        ("contact", form.contact, MAX_CONTACT),
    ):
        if len(text) > longest:
            form.problems[name] = Text(f"最多 {longest} 个字符", f"At most {longest} characters")
    if not form.address:
        form.problems["address"] = Text("请填写可疑网站的地址", "Give the address of the suspicious site")
    elif "address" not in form.problems and parse_address(form.address).kind not in {Kind.WEB, Kind.NUMBER}:
        form.problems["address"] = Text(
            "没有从中读出网址，请粘贴完整地址", "No address could be read from this; paste the whole address"
        )


async def _keep(desk: Desk, form: Form, case: str) -> None:
    report = {
        "id": case,
        "at": desk.clock.now(),
        "address": form.address,
        "host": parse_address(form.address).host,
        "words": form.words,
        "contact": form.contact,
    }
    await store.add_report(desk.db, report)


def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    problems = {name: (text.zh, text.en) for name, text in form.problems.items()}
    return page(request, "verifier.web/report.html", status=status, form=form, problems=problems, trap=TRAP)
