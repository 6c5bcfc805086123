"""Documents of acts: brought, given back, taken away."""

from urllib.parse import quote

from aiohttp import web

from registry.flows.document.read import open_document
from registry.flows.document.remove import remove_document
from registry.flows.document.take import TakeDocument, take_document
from registry.flows.institution.card import read_act
from registry.flows.institution.sheet import is_purpose
from registry.kernel.errors import Reason, Refusal
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.institutions.acts import BESIDE, show_card
from registry.portal.uploads import chosen_file

# A document is never shown as a page of ours: it is saved, and whatever opens it all the same may do nothing.
_SANDBOX = "default-src 'none'; sandbox"


async def take_upload(visit: Visit) -> web.StreamResponse:
    """One file for one purpose."""
    act_id = visit.request.match_info["act"]
    try:
        await _take(visit, act_id)
    except Refusal as refusal:
        if refusal.reason not in BESIDE:
            raise
        return await show_card(visit, refusal)
    return go_on(f"/portal/institutions/{act_id}#documents")


async def _take(visit: Visit, act_id: str) -> None:
    purpose = visit.form.get("purpose", "")
    card = await visit.run(lambda act: read_act(act, visit.person, act_id))
    if not card.is_editable:
        zh, en = "这件事项现在不能增减材料", "no documents can be added or removed now"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="document")
    file = await chosen_file(visit.door.runner.config, visit.upload, is_purpose=is_purpose(card.act.kind_now, purpose))
    order = TakeDocument("institution", act_id, purpose, file)
    await visit.run(lambda act: take_document(act, visit.person, order))


async def send_document(visit: Visit) -> web.StreamResponse:
    """The file as it was taken, to be saved (RFC 6266, RFC 8187)."""
    opened = await visit.run(lambda act: open_document(act, visit.person, visit.request.match_info["document"]))
    name = opened.document.name
    plain = f"document.{name.rpartition('.')[2]}"
    return web.Response(
        body=opened.content,
        headers={
            "Content-Type": opened.media_type,
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": _SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cache-Control": "no-store",
        },
    )


async def take_removal(visit: Visit) -> web.StreamResponse:
    """Take it away."""
    gone = await visit.run(lambda act: remove_document(act, visit.person, visit.request.match_info["document"]))
    home = "/portal/institutions/" if gone.subject_kind == "institution" else "/portal/applications/"
    return go_on(f"{home}{gone.subject}")
