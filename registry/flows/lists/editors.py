"""Who may edit the lists, and how an edit is written down."""

import hashlib
import json
from typing import Any

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Role
from registry.store import lists
from registry.store.lists import Change

EDITORS = frozenset({Role.OPERATOR.value, Role.SECURITY_OFFICER.value})


async def require_editor(act: Act) -> str:
    """The user name of the caller. Refuses (NOT_PERMITTED) everybody but a living account of :data:`EDITORS`."""
    role = await lists.role_of(act.conn, act.caller.id) if act.caller.kind == "person" else ""
    if role not in EDITORS:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "只有系统管理员和安全保密管理员可以修订名单",
            "only operators and security officers may edit the lists",
            where="caller",
            value=act.caller.id,
        )
    return act.caller.id


async def require_waiting(act: Act, number: int) -> Change:
    """The proposal of that number. Refuses with NOT_FOUND, and STATUS_FORBIDS when it was decided."""
    change = await lists.find_change(act.conn, number)
    if change is None:
        raise Refusal(
            Reason.NOT_FOUND,
            f"没有第 {number} 号提议",
            f"there is no proposal {number}",
            where="change",
            value=str(number),
        )
    if change.state != "proposed":
        zh = f"第 {number} 号提议已由 {change.decided_by} 处理"
        en = f"proposal {number} was decided by {change.decided_by}"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="change", value=str(number))
    return change


def subject_of(number: int) -> str:
    """A proposal as history, audit and feed name it."""
    return f"list-change-{number}"


def snapshot_of(change: Change, state: str, **more: Any) -> dict[str, Any]:
    """What history and audit keep of a change."""
    word = change.word
    return {
        "act": change.act,
        "class": word.list_class,
        "word": word.word,
        "detail": word.detail,
        "unlocked_by": word.unlocked_by,
        "reason": word.reason,
        "proposed_by": change.proposed_by,
        "state": state,
        **more,
    }


def seal_of(before: str, change: Change, version: int) -> str:
    """The seal of a version: the same words in the same order give the same seal in every database, others another."""
    word = change.word
    content = [before, version, change.act, word.list_class, word.index_label, word.word, word.detail, word.unlocked_by]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
