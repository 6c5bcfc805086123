"""What can become of a mark: one table, and what a mark is worth at this instant.

The table holds what people and rules decide. Beside it stand two facts that nobody has to decide: a mark speaks
for a living body and for a name that the register holds for that body. When one of them ends, the mark counts as
suspended from that very instant, in every answer alike (page, badge, API, status list), whether or not anybody
has acted yet.
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.errors import Reason, Refusal


class MarkState(StrEnum):
    """As stored in ``verifier.mark.state``."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class MarkAct(StrEnum):
    """What may be done to a mark that was issued."""

    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"


TRANSITIONS: Mapping[tuple[MarkState, MarkAct], MarkState] = {
    (MarkState.VALID, MarkAct.SUSPEND): MarkState.SUSPENDED,
    (MarkState.SUSPENDED, MarkAct.RESUME): MarkState.VALID,
    (MarkState.VALID, MarkAct.REVOKE): MarkState.REVOKED,
    (MarkState.SUSPENDED, MarkAct.REVOKE): MarkState.REVOKED,
}

CHANGE_KINDS: Mapping[MarkAct, str] = {
    MarkAct.SUSPEND: "mark.suspended",
    MarkAct.RESUME: "mark.resumed",
    MarkAct.REVOKE: "mark.revoked",
}

# The values of the Token Status List (section 7.1 of the specification): two bits a mark.
STATUS_VALUES: Mapping[MarkState, int] = {MarkState.VALID: 0, MarkState.REVOKED: 1, MarkState.SUSPENDED: 2}

STATE_WORDS: Mapping[MarkState, tuple[str, str]] = {
    MarkState.VALID: ("有效", "valid"),
    MarkState.SUSPENDED: ("已暂停", "suspended"),
    MarkState.REVOKED: ("已撤销", "revoked"),
}


def next_state(state: MarkState, act: MarkAct) -> MarkState:
    """The state after ``act``; ``STATUS_FORBIDS`` when the table has no such step (a revoked mark never comes back)."""
    after = TRANSITIONS.get((state, act))
    if after is None:
        zh, en = STATE_WORDS[state]
        raise Refusal(
            Reason.STATUS_FORBIDS,
            f"标识{zh}，不能执行此操作",
            f"the mark is {en}; this cannot be done",
            where="act",
            value=act,
        )
    return after


def effective_state(stored: MarkState, *, is_body_alive: bool, is_name_held: bool) -> MarkState:
    """What the mark is worth now."""
    if stored is MarkState.VALID and not (is_body_alive and is_name_held):
        return MarkState.SUSPENDED
    return stored
