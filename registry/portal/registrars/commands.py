"""The command log: for operators and auditors of all registrars, for a registrar of its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from registry.flows.command_log.search import Wanted, cursor_from, search_commands
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Role
from registry.portal.forms import clean
from registry.portal.guard import Visit

MAX_FILTER = 255
_TEXTS = ("registrar", "object", "trid", "command", "code", "since", "until")


async def show_commands(visit: Visit) -> web.StreamResponse:
    """By filters, the newest first."""
    typed = {name: clean(visit.request.query.get(name, "")).strip()[:MAX_FILTER] for name in _TEXTS}
    wanted = Wanted(
        registrar_id=typed["registrar"],
        object=typed["object"],
        trid=typed["trid"],
        command=typed["command"],
        code=int(typed["code"])
        if typed["code"].isascii() and typed["code"].isdigit() and len(typed["code"]) == 4
        else None,
        since=_day(typed["since"], "since"),
        until=_day(typed["until"], "until"),
        before=cursor_from(visit.request.query.get("before", "")),
    )
    if wanted.until:
        wanted = replace(wanted, until=wanted.until + timedelta(days=1))
    own = visit.person.registrar if visit.person.role is Role.REGISTRAR else ""
    found = await visit.run(lambda act: search_commands(act, wanted, own=own))
    kept = {name: text for name, text in typed.items() if text}
    return visit.page(
        "commands.html",
        package="registry.portal.registrars",
        found=found,
        typed=typed,
        own=own,
        path_here=visit.request.path,
        following=urlencode(kept | {"before": found.cursor}) if found.cursor else "",
    )


def _day(text: str, where: str) -> datetime | None:
    """The first instant of the day in Beijing."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text[:10]).replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError as error:
        zh, en = "日期请写作 2026-06-01 的样子", "please write the day like 2026-06-01"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=text[:40]) from error
