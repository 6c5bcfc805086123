"""The elements that several domain commands share (RFC 5731 section 2)."""

from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal

MONTHS_A_YEAR = 12


def read_years(node: Node) -> int | None:
    """The period in years, None when there is none. Months are taken when they are whole years."""
    period = node.child("period")
    if period is None:
        return None
    count = int(period.token)
    if period.attribute("unit") == "y":
        return count
    years, rest = divmod(count, MONTHS_A_YEAR)
    if rest or not years:
        raise Refusal(
            Reason.VALUE_OUT_OF_RANGE,
            "期限须为整年",
            "the period must be whole years",
            where="period",
            value=period.token,
        )
    return years


def read_hosts(node: Node | None) -> tuple[str, ...]:
    """The host names of an ``ns`` inside the node. Name servers are objects here, never attributes (RFC 5731 section 1.1)."""
    servers = node.child("ns") if node is not None else None
    if servers is None:
        return ()
    if servers.has("hostAttr"):
        raise Refusal(
            Reason.OPTION_UNSUPPORTED,
            "本注册局使用主机对象（hostObj），不接受主机属性（hostAttr）",
            "this registry uses host objects (hostObj), not host attributes (hostAttr)",
            where="hostAttr",
        )
    return servers.texts("hostObj")


def read_contacts(node: Node | None) -> frozenset[tuple[str, str]]:
    """Pairs of type and contact id. A contact without a type has no meaning here."""
    contacts = node.children("contact") if node is not None else []
    for contact in contacts:
        if not contact.attribute("type"):
            raise Refusal(
                Reason.PARAMETER_MISSING,
                "联系人缺少 type 属性（admin、tech 或 billing）",
                "the contact has no type (admin, tech or billing)",
                where="contact",
                value=contact.token,
            )
    return frozenset((contact.attribute("type"), contact.token) for contact in contacts)
