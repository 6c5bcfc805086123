"""Drafts of applications: kept until they are filed or thrown away, seen by everybody who acts for the body."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.file_name import FileName, body_of
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.model.application import MAX_NOTE
from registry.model.person import Person
from registry.store import drafts
from registry.store.drafts import Draft

DRAFT_BITS = 80
MAX_DRAFTS = 50  # of one body; nobody prepares more names than may wait at once, and some


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """``draft_id`` is empty for a new one. ``version`` is what the page was made from: a colleague's change is not written over."""

    wish: FileName
    draft_id: str = ""
    version: int = 0


async def find_draft(act: Act, by: Person, draft_id: str) -> Draft:
    """One of them. Refuses with NOT_FOUND."""
    found = await drafts.find(act.conn, body_of(by), draft_id)
    if found is None:
        raise Refusal(Reason.NOT_FOUND, "没有这份草稿", "there is no such draft", where="draft", value=draft_id)
    return found


async def save_draft(act: Act, by: Person, order: SaveDraft) -> str:
    """Keep it, whole or half filled in; returns its id.

    Refuses with NOT_PERMITTED, NOT_FOUND, TOO_LARGE (too many drafts), STATUS_FORBIDS (a colleague changed it meanwhile).
    """
    uscc, wish = body_of(by), order.wish
    if not order.draft_id:
        if len(await drafts.of_body(act.conn, uscc, MAX_DRAFTS)) >= MAX_DRAFTS:
            raise Refusal(Reason.TOO_LARGE, f"草稿最多 {MAX_DRAFTS} 份", f"at most {MAX_DRAFTS} drafts", where="draft")
        draft_id = new_public_id(DRAFT_BITS)
        kept = Draft(
            draft_id, by.username, uscc, wish.name[:253], wish.traditional[:253], wish.note[:MAX_NOTE], 1, act.now
        )
        await drafts.add(act.conn, kept)
        return draft_id
    found = await find_draft(act, by, order.draft_id)
    changed = Draft(
        found.id,
        by.username,
        uscc,
        wish.name[:253],
        wish.traditional[:253],
        wish.note[:MAX_NOTE],
        order.version,
        act.now,
    )
    if not await drafts.change(act.conn, changed):
        raise Refusal(
            Reason.STATUS_FORBIDS, "这份草稿已由本单位的其他经办人修改，请核对后再保存", "a colleague changed this draft meanwhile; please compare",
            where="draft", value=found.id,
        )  # fmt: skip
    return found.id


async def drop_draft(act: Act, by: Person, draft_id: str) -> None:
    """Throw it away; one that is gone already is no matter."""
    await drafts.drop(act.conn, body_of(by), draft_id)
