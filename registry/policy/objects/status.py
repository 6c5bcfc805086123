"""Statuses that a client adds and removes (RFC 5731 to 5733, sections 2.2 and 2.3)."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from registry.kernel.errors import Reason, Refusal
from registry.model.domain import CLIENT_STATUSES, SERVER_STATUSES

DOMAIN_STATUSES = CLIENT_STATUSES
HOST_STATUSES = frozenset({"clientDeleteProhibited", "clientUpdateProhibited"})
CONTACT_STATUSES = HOST_STATUSES | {"clientTransferProhibited"}
SERVER_HOST_STATUSES = frozenset({"serverDeleteProhibited", "serverUpdateProhibited"})
SERVER_CONTACT_STATUSES = SERVER_HOST_STATUSES | {"serverTransferProhibited"}
UPDATE_LOCK = "clientUpdateProhibited"
MAX_REASON = 500  # characters; it stands in answers to every info
__all__ = [
    "CONTACT_STATUSES", "DOMAIN_STATUSES", "HOST_STATUSES", "SERVER_CONTACT_STATUSES", "SERVER_HOST_STATUSES", "SERVER_STATUSES",
    "UPDATE_LOCK", "changed_reasons", "changed_statuses", "check_none_of", "check_something", "check_unlocked", "forbidden_by",
]  # fmt: skip


def changed_reasons(
    current: Mapping[str, str], statuses: frozenset[str], add: Iterable[str], reason: str
) -> dict[str, str]:
    """Why each server status is set: ``reason`` for those that are added now, kept for the others, gone with the status."""
    said = " ".join(reason.split())[:MAX_REASON]
    after = {**current, **({status: said for status in add if status.startswith("server")} if said else {})}
    return {status: after[status] for status in sorted(after) if status in statuses}


def changed_statuses(
    current: frozenset[str], add: Iterable[str], rem: Iterable[str], settable: AbstractSet[str]
) -> frozenset[str]:
    """The statuses after a change.

    ``VALUE_INVALID`` for one that a client cannot set here (``ok``, ``linked``, ``pending…``, ``server…``, unknown ones);
    ``POLICY_FORBIDS`` for adding what is set and removing what is not: RST wants both to be errors, RFC 5731 leaves room.
    """
    added, removed = tuple(add), tuple(rem)
    for status in (*added, *removed):
        _check_settable(status, settable)
    for status in added:
        if status in current or added.count(status) > 1:
            raise _forbidden(status, "这个状态已经设置", "this status is set already")
    for status in removed:
        if status not in current or removed.count(status) > 1:
            raise _forbidden(status, "这个状态没有设置，不能去掉", "this status is not set and cannot be removed")
    return (current | frozenset(added)) - frozenset(removed)


def check_unlocked(current: AbstractSet[str], *, only_unlocks: bool) -> None:
    """Refuse (``STATUS_FORBIDS``) an update of a locked object.

    ``only_unlocks``: the order does nothing but remove ``clientUpdateProhibited``, which is always allowed (RFC 5731 section 2.3).
    """
    if "serverUpdateProhibited" in current:
        raise forbidden_by("serverUpdateProhibited")
    if UPDATE_LOCK in current and not only_unlocks:
        raise forbidden_by(UPDATE_LOCK)


def check_something(is_something: bool) -> None:
    """Refuse (``PARAMETER_MISSING``) an update that changes nothing (RFC 5731 to 5733 section 3.2.5)."""
    if not is_something:
        raise Refusal(
            Reason.PARAMETER_MISSING,
            "更新命令没有给出任何要修改的内容",
            "the update names nothing to change",
            where="update",
        )


def check_none_of(current: AbstractSet[str], *forbidding: str) -> None:
    """Refuse (``STATUS_FORBIDS``) when one of ``forbidding`` is set."""
    for status in forbidding:
        if status in current:
            raise forbidden_by(status)


def forbidden_by(status: str) -> Refusal:
    """The refusal of an act that a status forbids (EPP 2304)."""
    return Refusal(
        Reason.STATUS_FORBIDS,
        f"对象的状态 {status} 不允许这项操作",
        f"the status {status} of the object forbids this",
        where="status",
        value=status,
    )


def _check_settable(status: str, settable: AbstractSet[str]) -> None:
    if status not in settable:
        raise Refusal(
            Reason.VALUE_INVALID,
            f"这个状态不能由注册商设置或去掉；可用：{'、'.join(sorted(settable))}",
            f"a registrar cannot set or remove this status; it can use {', '.join(sorted(settable))}",
            where="status",
            value=status,
        )


def _forbidden(status: str, zh: str, en: str) -> Refusal:
    return Refusal(Reason.POLICY_FORBIDS, zh, en, where="status", value=status)
