"""Somebody brings a document to his act or application."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.document.inspect import Inspected
from registry.flows.document.sealing import seal_content
from registry.flows.document.subject import check_adding
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.model.person import Person
from registry.policy.documents import MAX_DOCUMENTS
from registry.store import documents
from registry.store.documents import Document, Subject

MAX_PURPOSE = 40  # characters of the key of what it is to prove


@dataclass(frozen=True, slots=True)
class TakeDocument:
    """``file`` was inspected before; ``purpose`` is a key of the list of what such an act must prove."""

    subject_kind: Subject
    subject: str
    purpose: str
    file: Inspected


async def take_document(act: Act, by: Person, order: TakeDocument) -> str:
    """Seal it and keep it; returns its id.

    Refuses as :func:`registry.flows.document.subject.check_adding`, with TOO_LARGE when there are too many, with ALREADY_EXISTS the
    same content for the same purpose.
    """
    await check_adding(act, by, order.subject_kind, order.subject)
    there = await documents.of_subject(act.conn, order.subject_kind, order.subject)
    if len(there) >= MAX_DOCUMENTS:
        zh, en = f"一件申请最多 {MAX_DOCUMENTS} 份材料", f"at most {MAX_DOCUMENTS} documents"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="document")
    if any(one.sha256 == order.file.sha256 and one.purpose == order.purpose for one in there):
        raise Refusal(Reason.ALREADY_EXISTS, "这份材料已经上传", "this document is there already", where="document")
    document_id = new_public_id()
    key_id, sealed = seal_content(act.config, order.file.content, document_id)
    file = order.file
    one = Document(
        document_id, order.subject_kind, order.subject, order.purpose[:MAX_PURPOSE], file.name, file.kind, len(file.content), file.sha256,
        file.scan, key_id, act.now, by.actor,
    )  # fmt: skip
    await documents.add(act.conn, one, sealed)
    await act.remember("document.taken", document_id, snapshot_of(one))
    return document_id


def snapshot_of(one: Document) -> dict[str, object]:
    """As it stands in history and audit: everything but the content."""
    return {
        "subject_kind": one.subject_kind, "subject": one.subject, "purpose": one.purpose, "name": one.name, "kind": one.kind,
        "octets": one.octets, "sha256": one.sha256.hex(), "scan": one.scan, "key_id": one.key_id,
    }  # fmt: skip
