"""Approve a proposal: the second person makes it the next version of the lists."""

from registry.flows.act import Act
from registry.flows.lists.editors import require_editor, require_waiting, seal_of, snapshot_of, subject_of
from registry.kernel.errors import Fault, Reason, Refusal
from registry.store import lists
from registry.store.lists import Change


async def approve_entry(act: Act, number: int) -> Change:
    """Bring the word into force, or take it out, as proposed. Every worker judges by it from its next decision on.

    Refuses with NOT_PERMITTED (no editor, or the one who proposed it), NOT_FOUND, STATUS_FORBIDS (decided already).
    """
    by = await require_editor(act)
    await lists.hold_lists(act.conn)
    change = await require_waiting(act, number)
    if change.proposed_by == by:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "提议人不能批准自己的提议，请由另一人批准",
            "nobody approves his own proposal; another person must",
            where="change",
            value=str(number),
        )
    version, seal = await _put_in_force(act, change)
    await act.remember(
        "list.approved", subject_of(number), snapshot_of(change, "approved", approved_by=by, version=version, seal=seal)
    )
    approved = await lists.find_change(act.conn, number)
    if approved is None:
        raise Fault(f"proposal {number} vanished under its lock")
    return approved


async def _put_in_force(act: Act, change: Change) -> tuple[int, str]:
    before, seal_before = await lists.newest(act.conn)
    version = before + 1
    seal = seal_of(seal_before, change, version)
    entry_id = change.entry_id
    if entry_id is None:
        entry_id = await lists.begin_entry(act.conn, change.word, version)
    else:
        await lists.end_entry(act.conn, entry_id, version)
    await lists.approve(act.conn, change.id, act.caller.id, act.now, version, seal, entry_id)
    return version, seal
