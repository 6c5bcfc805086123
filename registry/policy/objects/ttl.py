"""TTLs of the records that a registrar's objects put into the zone (RFC 9803): which, and how long.

NS and DS belong to the domain, A and AAAA to the host (host objects, RFC 9803 section 1.2). Nothing chosen means the zone's own TTL.
"""

from collections.abc import Mapping

from registry.kernel.errors import Reason, Refusal

DOMAIN_TYPES = ("NS", "DS")
HOST_TYPES = ("A", "AAAA")
MIN_TTL = 60  # what a move of servers may need for an hour; shorter ones only cost queries
MAX_TTL = 172800  # two days, the TTL of the delegations in the root: longer, and a mistake outlives a weekend


def ttl_policy(types: tuple[str, ...], default: int) -> dict[str, tuple[int, int, int]]:
    """For each type the least that may be chosen, what holds when nothing is, and the most (RFC 9803, the policy mode of info)."""
    return dict.fromkeys(types, (MIN_TTL, default, MAX_TTL))


def changed_ttls(current: Mapping[str, int], asked: Mapping[str, int | None], types: tuple[str, ...]) -> dict[str, int]:
    """The chosen TTLs after a change; None takes a choice back.

    ``POLICY_FORBIDS`` for a type that this object does not put into the zone, ``VALUE_OUT_OF_RANGE`` for a length.
    """
    for kind, length in asked.items():
        _check(kind, length, types)
    after = {**current, **asked}
    return {kind: length for kind, length in sorted(after.items()) if length is not None}


def _check(kind: str, length: int | None, types: tuple[str, ...]) -> None:
    if kind not in types:
        zh, en = (
            f"这类对象只能设定 {'、'.join(types)} 的 TTL",
            f"an object of this kind has TTLs of {', '.join(types)} only",
        )
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="ttl", value=kind)
    if length is not None and not MIN_TTL <= length <= MAX_TTL:
        zh = f"{kind} 的 TTL 须在 {MIN_TTL} 至 {MAX_TTL} 秒之间"
        en = f"the TTL of {kind} is {MIN_TTL} to {MAX_TTL} seconds"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where="ttl", value=str(length))
