"""``/portal/applications/ID/letter`` as PDF, ``/portal/letter-templates`` for the centre, ``/letters`` for whoever holds a letter."""

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.letter.edit import edit_template, list_templates
from registry.flows.letter.read import letter_code, read_letter, verify_letter
from registry.flows.runner import Runner
from registry.kernel.errors import Refusal
from registry.kernel.web.app import Context
from registry.kernel.web.errors import STATUS
from registry.kernel.web.limits import Buckets, allow
from registry.kernel.web.pages import page
from registry.model.letter import FIELDS, KINDS, MAX_TEXT, MAX_TITLE, Template
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit

PACKAGE = "registry.portal.letters"
MAX_DIGITS = 9  # of a version
MAX_TYPED = 40  # characters of a number or a code
ASKS_PER_SECOND, ASKS_AT_ONCE = 1.0, 20  # of one address: a clerk with a pile of letters, not a guesser
VISITOR = Caller("visitor", "letters")


async def send_letter(visit: Visit) -> web.StreamResponse:
    """The newest letter of the application, to be saved or printed."""
    from registry.portal.letters.paper import on_paper  # the start of the service is spared the library

    letter = await visit.run(lambda act: read_letter(act, visit.person, visit.request.match_info["id"]))
    config = visit.door.runner.config
    code = letter_code(config, letter)
    link = f"{config.public_url}/letters?number={letter.id}&code={code}"
    return web.Response(
        body=on_paper(letter, code, link, config.portal.letter_font),
        headers={
            "Content-Type": "application/pdf", "Content-Disposition": f'attachment; filename="{letter.id}.pdf"', "Cache-Control": "no-store",
        },
    )  # fmt: skip


async def show_templates(visit: Visit) -> web.StreamResponse:
    """All four, each with its form."""
    return await _templates(visit)


async def take_template(visit: Visit) -> web.StreamResponse:
    """A new version of one."""
    form, version = visit.form, visit.form.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) <= MAX_DIGITS else -1
    wanted = Template(
        visit.request.match_info["kind"],
        seen,
        form.get("title", "").strip(),
        form.get("text_zh", "").strip(),
        form.get("text_en", "").strip(),
    )
    try:
        await visit.run(lambda act: edit_template(act, visit.person, wanted))
    except Refusal as refusal:
        return await _templates(visit, refusal, wanted)
    return go_on("/portal/letter-templates")


async def _templates(visit: Visit, refusal: Refusal | None = None, wanted: Template | None = None) -> web.Response:
    found = await visit.run(list_templates)
    shown = [wanted if wanted and wanted.kind == one.kind else one for one in found]
    return visit.page(
        "templates.html", package=PACKAGE, status=STATUS[refusal.reason] if refusal else 200, found=shown, kinds=KINDS, fields=FIELDS,
        refusal=refusal, opened=wanted.kind if wanted else "", max_title=MAX_TITLE, max_text=MAX_TEXT,
    )  # fmt: skip


def routes(context: Context) -> list[web.RouteDef]:
    """``/letters``, for everybody."""
    runner = context.runner or Runner(context.db, context.clock, context.config)
    asks = Buckets(ASKS_PER_SECOND, ASKS_AT_ONCE)

    async def show_check(request: web.Request) -> web.Response:
        number, code = (clean(request.query.get(name, ""))[:MAX_TYPED] for name in ("number", "code"))
        letter, refusal = None, None
        if number or code:
            allow(asks, request.remote, runner.clock.monotonic())
            try:
                letter = await runner.read(VISITOR, lambda act: verify_letter(act, number, code))
            except Refusal as refused:
                refusal = refused
        answer = page(
            request,
            f"{PACKAGE}/check.html",
            status=STATUS[refusal.reason] if refusal else 200,
            letter=letter,
            refusal=refusal,
            number=number,
            code=code,
        )
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    return [web.get("/letters", show_check)]
