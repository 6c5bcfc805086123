"""Elements that every object has: statuses and authorization information (RFC 5730 section 2.9)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from registry.epp.markup import element, tag
from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal

CLIENT_ID_LENGTHS = range(3, 17)  # eppcom:clIDType


def written_client(who: str) -> str:
    """Who did it, as ``upID`` can hold it; the name of an operator or a job may be longer, and is then left out."""
    return who if len(who) in CLIENT_ID_LENGTHS else ""


def read_instant(text: str, where: str) -> datetime:
    """An ``xs:dateTime`` as an instant; without a time zone it is UTC. ``VALUE_OUT_OF_RANGE`` for one that no calendar of ours has."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:  # a year before 1 or after 9999, or 24:00
        raise Refusal(
            Reason.VALUE_OUT_OF_RANGE, "时间超出范围", "the time is out of range", where=where, value=text
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def write_statuses(prefix: str, statuses: Iterable[str], reasons: Mapping[str, str]) -> list[str]:
    """``status`` elements in order; a server status carries the words of who set it (RFC 5731 to 5733 section 2)."""
    return [
        tag(f"{prefix}:status", reasons[status], s=status, lang="zh")
        if reasons.get(status)
        else element(f"{prefix}:status", s=status)
        for status in sorted(statuses)
    ]


def read_statuses(node: Node | None) -> tuple[str, ...]:
    """The values of the ``status`` elements, as they were sent, twice when they were sent twice."""
    return tuple(status.attribute("s") for status in node.children("status")) if node is not None else ()


def read_secret(node: Node | None) -> str | None:
    """The authorization information inside the node: None when there is none, empty when it is to be none (RFC 9154)."""
    holder = node.child("authInfo") if node is not None else None
    if holder is None:
        return None
    if holder.has("ext"):
        raise Refusal(
            Reason.OPTION_UNSUPPORTED,
            "授权信息只接受 pw，不接受 ext",
            "authorization information is taken as pw only, not as ext",
            where="authInfo",
        )
    password = holder.child("pw")
    return "" if password is None else password.line
