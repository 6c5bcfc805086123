"""Whose a host is: the registrable name above it, and whether it belongs to the public sector. Pure.

The full public suffix list is not needed: the watch compares hosts of Chinese sites, so the second-level suffixes of ``.cn`` (CNNIC: by
kind, and one for each province) and the commonest elsewhere decide; a suffix that is not listed is taken as one label, which joins
strangers at worst under a foreign suffix and never splits one owner in two.
"""

from functools import lru_cache

from verifier.fetch.fetcher import parse

_KINDS = frozenset({"ac", "com", "edu", "gov", "net", "org", "mil", "co", "or", "ne", "go"})
_PROVINCES = frozenset(
    [
        "bj",
        "sh",
        "tj",
        "cq",
        "he",
        "sx",
        "nm",
        "ln",
        "jl",
        "hl",
        "js",
        "zj",
        "ah",
        "fj",
        "jx",
        "sd",
        "ha",
        "hb",
        "hn",
        "gd",
        "gx",
        "hi",
        "sc",
        "gz",
        "yn",
        "xz",
        "sn",
        "gs",
        "qh",
        "nx",
        "xj",
        "tw",
        "hk",
        "mo",
    ]
)
_HOSTED = (
    "github.io",
    "gitee.io",
    "vercel.app",
    "pages.dev",
    "netlify.app",
    "myqcloud.com",
    "aliyuncs.com",
    "azurewebsites.net",
    "herokuapp.com",
)
PUBLIC_SUFFIXES = ("gov.cn", "edu.cn", "mil.cn", "ac.cn", "xn--zfr164b", "xn--55qw42g")


@lru_cache(maxsize=65536)
def registrable(host: str) -> str:
    """The name that somebody registered, above ``host`` (A-form): ``a.b.gd.cn`` lies under ``b.gd.cn``."""
    host = host.rstrip(".").lower()
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    hosted = next((suffix for suffix in _HOSTED if host.endswith("." + suffix)), "")
    labels = host.split(".")
    if hosted:
        keep = hosted.count(".") + 2
    elif len(labels) > 2 and (labels[-2] in _KINDS or (labels[-1] == "cn" and labels[-2] in _PROVINCES)):
        keep = 3
    else:
        keep = 2
    return ".".join(labels[-keep:])


def is_public(host: str) -> bool:
    """Whether the host lies in a name space that only public bodies enter."""
    return any(host == suffix or host.endswith("." + suffix) for suffix in PUBLIC_SUFFIXES)


@lru_cache(maxsize=65536)
def host_of(url: str) -> str:
    """The A-form host of an absolute address; empty without one."""
    read = parse(url)
    return (read.raw_host or "") if read else ""


def same_owner(one: str, other: str) -> bool:
    """Whether two hosts lie under one registered name."""
    return registrable(one) == registrable(other)
