"""``/portal/audit``: the journal and its chain, for auditors."""

from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from registry.flows.review.audit_trail import NEWEST, Filters, Verdict, prove_chain, read_trail
from registry.kernel.errors import Reason, Refusal
from registry.portal.forms import clean
from registry.portal.guard import Visit

MAX_FILTER = 200  # characters
MAX_DIGITS = 18  # of a number that PostgreSQL holds
_TEXTS = ("actor", "act", "subject", "trid")


async def show_trail(visit: Visit) -> web.StreamResponse:
    """Entries by filters, newest first, and what the end of the chain says."""
    return await _trail(visit, None)


async def take_proof(visit: Visit) -> web.StreamResponse:
    """Check the whole chain."""
    verdict = await prove_chain(visit.door.runner, visit.person)
    return await _trail(visit, verdict)


async def _trail(visit: Visit, verdict: Verdict | None) -> web.Response:
    query = visit.request.query
    texts = {name: clean(query.get(name, "")).strip()[:MAX_FILTER] for name in _TEXTS}
    filters = Filters(
        actor=texts["actor"],
        act=texts["act"],
        subject=texts["subject"],
        trid=texts["trid"],
        since=_day(query.get("since", ""), "since"),
        until=_day(query.get("until", ""), "until"),
        before=_cursor(query.get("before", "")),
    )
    trail = await visit.run(lambda act: read_trail(act, visit.person, filters))
    kept = texts | {"since": trail.since.isoformat(), "until": trail.until.isoformat()}
    following = urlencode(kept | {"before": str(trail.before)}) if trail.before else ""
    return visit.page("audit.html", trail=trail, filters=filters, following=following, verdict=verdict)


def _day(text: str, where: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        zh, en = "日期请写作 2026-06-01 的样子", "please write the day like 2026-06-01"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=text[:40]) from error


def _cursor(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and 0 < len(text) <= MAX_DIGITS
    return int(text) if is_number else NEWEST
