"""Addresses of hosts (RFC 5732 section 2.5), by the narrow glue policy.

Narrow means: only a host below one of our own names carries addresses, only its sponsor's domain vouches for them, and they stand
in the zone only where a delegation needs them. An outside host has its addresses in its own zone.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from registry.kernel.errors import Reason, Refusal
from registry.model.host import Address

MAX_ADDRESSES = 13  # as many as a referral can carry in 512 octets, and more than any name server has
# IANA special-purpose address registries: nobody outside can reach a name server there. Documentation space is let through:
# test scripts of registrars use it, and it leads nowhere.
UNREACHABLE = tuple(
    map(
        IPv4Network,
        ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
         "224.0.0.0/3"),
    )
) + tuple(map(IPv6Network, ("::/8", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8")))  # fmt: skip


def parse_address(text: str, family: str) -> Address:
    """One address as it was sent. ``VALUE_INVALID`` for what is none of its ``family``, or cannot be reached from outside."""
    if family not in ("v4", "v6"):
        raise _wrong(family, "地址类型只能是 v4 或 v6", "the type of an address is v4 or v6")
    try:
        address: Address = IPv4Address(text) if family == "v4" else IPv6Address(text)
    except ValueError:
        raise _wrong(text, f"这不是 IP{family} 地址", f"this is no IP{family} address") from None
    if "%" in text or any(address in network for network in UNREACHABLE if network.version == address.version):
        raise _wrong(
            text, "这个地址从公网到不了，不能作为域名服务器地址", "this address cannot be reached from outside"
        )
    return address


def check_glue(host: str, addresses: Iterable[Address], *, is_internal: bool) -> None:
    """Refuse an outside host with addresses, a host of ours without any, and too many of them."""
    count = len(frozenset(addresses))
    if count > MAX_ADDRESSES:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"一台主机最多 {MAX_ADDRESSES} 个地址",
            f"a host has at most {MAX_ADDRESSES} addresses",
            where="addr",
            value=host,
        )
    if count and not is_internal:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            "主机不在本注册局的域名之下，不登记地址；请去掉地址",
            "the host is not below a name of this registry, so it carries no address here; leave the addresses out",
            where="addr",
            value=host,
        )
    if not count and is_internal:
        raise Refusal(
            Reason.PARAMETER_MISSING,
            "主机位于本注册局的域名之下，须至少登记一个地址",
            "the host is below a name of this registry and needs at least one address",
            where="addr",
            value=host,
        )


def _wrong(value: str, zh: str, en: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where="addr", value=value)
