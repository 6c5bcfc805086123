"""A document given back to somebody who may see what it belongs to."""

import hashlib
import re
from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.document.sealing import open_content
from registry.flows.document.subject import check_reading
from registry.kernel.errors import Fault, Reason, Refusal
from registry.model.person import Person
from registry.policy.documents import TYPES
from registry.store import documents
from registry.store.documents import Document

_ID = re.compile(r"[0-9A-Z]{1,40}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with its content and media type."""

    document: Document
    media_type: str
    content: bytes = field(repr=False)


async def find_document(act: Act, person: Person, document_id: str) -> Document:
    """What is known of it. Refuses with NOT_FOUND what is not there, was removed, or belongs to what this person does not see."""
    found = await documents.find(act.conn, document_id) if _ID.fullmatch(document_id) else None
    if found is None or found.removed_at is not None:
        raise _unknown()
    try:
        await check_reading(act, person, found.subject_kind, found.subject)
    except Refusal as refusal:
        raise _unknown() from refusal
    return found


async def open_document(act: Act, person: Person, document_id: str) -> Opened:
    """The content, proved to be what was taken; that it was read is in the audit log. Refuses with NOT_FOUND."""
    found = await find_document(act, person, document_id)
    sealed = await documents.content(act.conn, found.id)
    if sealed is None:
        raise Fault(f"document {found.id} has no content")
    content = open_content(act.config, sealed, found.key_id, found.id)
    if hashlib.sha256(content).digest() != found.sha256:
        raise Fault(f"document {found.id} is not what was taken")
    await act.remember("document.read", found.id, {"subject": found.subject, "name": found.name})
    return Opened(found, next(media for kind, media in TYPES.items() if kind == found.kind), content)


def _unknown() -> Refusal:
    return Refusal(Reason.NOT_FOUND, "没有这份材料", "there is no such document", where="document")
