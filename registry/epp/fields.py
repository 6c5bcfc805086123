"""Elements that every object has: statuses and authorization information (RFC 5730 section 2.9)."""

from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal

CLIENT_ID_LENGTHS = range(3, 17)  # eppcom:clIDType


def written_client(who: str) -> str:
    """Who did it, as ``upID`` can hold it; the name of an operator or a job may be longer, and is then left out."""
    return who if len(who) in CLIENT_ID_LENGTHS else ""


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
