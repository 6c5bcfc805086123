"""``/portal/disclosure``: hidden registration data, for the holder of a name and, through the registry's own staff, for authorities."""

from aiohttp import web

from registry.flows.disclosure.disclose import (
    MAX_TEXT,
    MAY_OVERSEE,
    NEWEST,
    Disclose,
    Disclosed,
    disclose,
    list_disclosures,
)
from registry.kernel.errors import Refusal
from registry.kernel.web.errors import STATUS
from registry.portal.guard import Visit

MAX_DIGITS = 18  # of a number that PostgreSQL holds
FIELDS = ("name", "authority", "ground", "document")


async def show_form(visit: Visit) -> web.StreamResponse:
    """The form, and for operators and auditors what was disclosed before."""
    return await _page(visit)


async def take_form(visit: Visit) -> web.StreamResponse:
    """Show what was asked for, once: a page that nobody keeps."""
    order = Disclose(*(visit.form.get(name, "") for name in FIELDS))
    try:
        shown = await visit.run(lambda act: disclose(act, visit.person, order))
    except Refusal as refusal:
        return await _page(visit, refusal=refusal)
    return await _page(visit, shown=shown)


async def _page(visit: Visit, shown: Disclosed | None = None, refusal: Refusal | None = None) -> web.Response:
    oversees = visit.person.role in MAY_OVERSEE
    before = visit.request.query.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) <= MAX_DIGITS else NEWEST
    earlier = await visit.run(lambda act: list_disclosures(act, visit.person, number)) if oversees else []
    return visit.page(
        "disclosure.html",
        status=STATUS[refusal.reason] if refusal else 200,
        shown=shown,
        refusal=refusal,
        earlier=earlier,
        oversees=oversees,
        form={name: "" if shown else visit.form.get(name, visit.request.query.get(name, "")) for name in FIELDS},
        max_text=MAX_TEXT,
    )
