"""The standing watch: a mark falls when its body dies or its name goes.

Every answer about a mark already counts it as suspended from that instant (``verifier.marks.states``). What the watch adds is the act: the
suspension is written down with its reason, so that it stands in history, reaches the followers of the feed, and is not
undone silently when the body's row is corrected; a reviewer resumes it.
"""

from registry.kernel.clock import Clock
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from verifier.marks import store
from verifier.marks.change import change_mark
from verifier.marks.states import MarkAct

ACTOR = "monitor:standing"
MAX_SUSPENSIONS = 100  # in one round: a bad import must not take down a country's marks before a person has looked

BODY_GONE = "机构已不存续 / the body is no longer alive"
NAME_GONE = "名称已不由该机构持有 / the body no longer holds the name"


async def suspend_fallen(db: Database, clock: Clock) -> int:
    """Suspend the marks that have lost their ground; returns how many.

    Refuses with ``POLICY_FORBIDS``, and suspends none, when more than :data:`MAX_SUSPENSIONS` would fall at once.
    """
    fallen = await store.list_fallen(db, MAX_SUSPENSIONS + 1)
    if len(fallen) > MAX_SUSPENSIONS:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"一次将有超过 {MAX_SUSPENSIONS} 个标识被暂停，须先由人核实",
            f"more than {MAX_SUSPENSIONS} marks would be suspended at once: a person must look first",
        )
    for mark_id, is_body_alive in fallen:
        await change_mark(db, mark_id, MarkAct.SUSPEND, NAME_GONE if is_body_alive else BODY_GONE, ACTOR, clock)
    return len(fallen)
