"""Who filed an act takes a document back while the act is his to change."""

from registry.flows.act import Act
from registry.flows.document.read import find_document
from registry.flows.document.subject import check_adding
from registry.flows.document.take import snapshot_of
from registry.model.person import Person
from registry.store import documents
from registry.store.documents import Document


async def remove_document(act: Act, by: Person, document_id: str) -> Document:
    """The content goes, its row says that it was there. Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS."""
    found = await find_document(act, by, document_id)
    await check_adding(act, by, found.subject_kind, found.subject)
    await documents.remove(act.conn, found.id, by.actor, act.now)
    await act.remember("document.removed", found.id, snapshot_of(found))
    return found
