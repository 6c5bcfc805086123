"""Withdraw a proposal, or propose that a word in force be taken out."""

from registry.flows.act import Act
from registry.flows.lists.editors import require_editor, require_waiting, snapshot_of, subject_of
from registry.flows.lists.words import check_reason
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Fault, Reason, Refusal
from registry.store import lists
from registry.store.lists import Change, Word


async def withdraw_proposal(act: Act, number: int) -> Change:
    """Take back what is not in force yet; one editor is enough, because nothing changes.

    Refuses with NOT_PERMITTED (no editor), NOT_FOUND, STATUS_FORBIDS (decided already).
    """
    by = await require_editor(act)
    await lists.hold_lists(act.conn)
    change = await require_waiting(act, number)
    await lists.withdraw(act.conn, change, by, act.now)
    await act.remember("list.withdrawn", subject_of(number), snapshot_of(change, "withdrawn", withdrawn_by=by))
    return change


async def withdraw_entry(act: Act, entry_id: int, reason: str) -> Change:
    """Propose the end of a word in force; another person approves it like any change.

    Refuses with NOT_PERMITTED (no editor), NOT_FOUND (no entry in force), VALUE_INVALID (no reason), ALREADY_EXISTS (such a
    proposal waits already).
    """
    by = await require_editor(act)
    check_reason(reason)
    entry = await lists.find_entry(act.conn, entry_id)
    if entry is None:
        raise Refusal(
            Reason.NOT_FOUND,
            f"没有第 {entry_id} 号在用条目",
            f"no entry {entry_id} is in force",
            where="entry",
            value=str(entry_id),
        )
    old = entry.word
    word = Word(old.list_class, old.word, old.index_label, old.detail, old.unlocked_by, reason.strip())
    try:
        number = await lists.add_change(act.conn, "remove", entry_id, word, by, act.now)
    except UniqueViolation:
        raise Refusal(
            Reason.ALREADY_EXISTS,
            "撤销这个词的提议正待批准",
            "its end waits for approval already",
            where="entry",
            value=old.word,
        ) from None
    change = await lists.find_change(act.conn, number)
    if change is None:
        raise Fault(f"proposal {number} vanished in its own transaction")
    await act.remember("list.proposed", subject_of(number), snapshot_of(change, "proposed"))
    return change
