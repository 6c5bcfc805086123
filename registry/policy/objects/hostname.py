"""Names of hosts as EPP carries them (RFC 5732 section 2.1): A-labels, never mapped."""

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a


def canonical_host(text: str, where: str = "hostName") -> str:
    """The name in lower case. ``VALUE_INVALID`` for what is no host name of two labels or more (RFC 1123, IDNA2008)."""
    is_plain = text.isascii() and "." in text and not text.endswith(".")
    try:
        return to_a(text if is_plain else "")
    except ValueError:
        raise Refusal(
            Reason.VALUE_INVALID,
            "主机名不正确：须为字母、数字、连字符组成的完整域名，中文须先转为 xn-- 形式",
            "this is no host name: it has letters, digits, hyphens and at least one dot; Chinese goes as xn-- labels",
            where=where,
            value=text,
        ) from None


def parent_name(host: str) -> str:
    """The name of the domain of ours that a host would lie under: its last two labels."""
    return ".".join(host.split(".")[-2:])


def zone_of(host: str) -> str:
    """The last label, which is one of our zones or is not."""
    return host.rpartition(".")[2]
