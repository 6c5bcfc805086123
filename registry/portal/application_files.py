"""``/portal/applications/ID/documents``: what an applicant brings to prove what he says."""

from aiohttp import web

from registry.flows.document.inspect import inspect_file
from registry.flows.document.take import TakeDocument, take_document
from registry.kernel.errors import Reason, Refusal
from registry.model.application import PURPOSES
from registry.portal.application import BESIDE, show_refused
from registry.portal.going import go_on
from registry.portal.guard import Visit


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
    upload, purpose = visit.upload, visit.form.get("purpose", "")
    if upload is None:
        raise Refusal(Reason.PARAMETER_MISSING, "请选择要上传的文件", "please choose a file", where="file")
    if purpose not in PURPOSES:
        raise Refusal(Reason.VALUE_INVALID, "请选择材料的种类", "please say what it is to prove", where="purpose")
    file = await inspect_file(visit.door.runner.config, upload.name, upload.content)
    order = TakeDocument("application", case, purpose, file)
    await visit.run(lambda act: take_document(act, visit.person, order))
