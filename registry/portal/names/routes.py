"""``/names/check``: what each of a few names would get for a body, for anybody who asks.

The form works by itself: it is sent by GET, so an answer has an address that can be passed on. With the script of the page
each line is asked for while it is typed, at ``POST /api/v1/name-checks``, and the same card shows the answer.
"""

import asyncio

from aiohttp import web

from registry.flows.act import Act, Caller
from registry.flows.naming.judge import check_name, warm_up
from registry.flows.runner import Runner
from registry.kernel.errors import Fault
from registry.kernel.names import TLDS
from registry.kernel.web.app import Context
from registry.kernel.web.pages import page
from registry.portal.names.candidates import LIMITS, TONES, VERDICTS, Form, Shown, read_form, shown
from registry.portal.names.limits import ask, form_buckets

PATH = "/names/check"
PUBLIC = Caller("person", "public")  # whoever asks without signing in


def routes(context: Context) -> list[web.RouteDef]:
    """The one page."""
    if not isinstance(context.runner, Runner):
        raise Fault("the check of names needs a runner")
    runner = context.runner
    buckets = form_buckets()

    async def check(request: web.Request) -> web.Response:
        form = read_form(request.query)
        asyncio.get_running_loop().run_in_executor(None, warm_up)  # while the visitor types
        if form.lines:
            ask(buckets, request.remote, context.clock.monotonic())
        answers = await runner.run(PUBLIC, lambda act: _judged(act, form)) if form.lines and form.uscc else ()
        return page(
            request,
            "registry.portal.names/check.html",
            form=form,
            answers=answers,
            tlds=TLDS,
            limits=LIMITS,
            tones=TONES,
            verdicts=VERDICTS,
        )

    return [web.get(PATH, check)]


async def _judged(act: Act, form: Form) -> tuple[Shown, ...]:
    """All lines in one act: they are judged by the same facts."""
    found = []
    for typed, name in zip(form.lines, form.names, strict=True):
        decision, _ = await check_name(act, name, form.uscc, mapped=True)
        found.append(shown(typed, decision))
    return tuple(found)
