"""The elements that several host commands share (RFC 5732 section 2)."""

from ipaddress import IPv4Address, IPv6Address

from registry.epp.markup import tag
from registry.epp.xml_node import Node
from registry.flows.host.addresses import AddressText


def read_addresses(node: Node | None) -> tuple[AddressText, ...]:
    """The addresses as they were sent; a family that is not said is v4."""
    if node is None:
        return ()
    return tuple(AddressText(address.token, address.attribute("ip", "v4")) for address in node.children("addr"))


def write_address(address: IPv4Address | IPv6Address) -> str:
    """``host:addr`` in the canonical form of RFC 5952."""
    return tag("host:addr", str(address), ip=f"v{address.version}")
