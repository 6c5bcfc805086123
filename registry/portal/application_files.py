"""``/portal/applications/ID/documents``: what an applicant brings to prove what he says."""

from aiohttp import web

from registry.flows.document.take import TakeDocument, take_document
from registry.kernel.errors import Refusal
from registry.model.application import PURPOSES
from registry.portal.application import BESIDE, show_refused
from registry.portal.going import go_on
from registry.portal.guard import Visit
from registry.portal.uploads import chosen_file


async def take_upload(visit: Visit) -> web.StreamResponse:
    """One file for one purpose."""
    case = visit.request.match_info["id"]
    try:
        await _take(visit, case)
    except Refusal as refusal:
        if refusal.reason not in BESIDE:
            raise
        return await show_refused(visit, refusal)
    return go_on(f"/portal/applications/{case}#documents")


async def _take(visit: Visit, case: str) -> None:
    purpose = visit.form.get("purpose", "")
    file = await chosen_file(visit.door.runner.config, visit.upload, is_purpose=purpose in PURPOSES)
    order = TakeDocument("application", case, purpose, file)
    await visit.run(lambda act: take_document(act, visit.person, order))
