"""Where the one search box leads: to the look-up of a name or a body, or to the check of an address. Pure."""

import re
from urllib.parse import quote

from registry.kernel.names import TLDS, map_people

MAX_SEARCH = 2048  # characters; an address is the longest thing that people paste
_CODE = re.compile(r"[0-9A-Za-z]{18}")
_OUR_TLDS = frozenset(TLDS) | frozenset(TLDS.values())


def destination(typed: str) -> str:
    """The path and query to go to for what was typed.

    A web address (with a scheme, a path, a port, a user name) or a host that is not plainly a name of ours goes
    to ``/verify``; a code of 18 characters, a name directly under one of our TLDs in either form, and plain
    words go to ``/lookup``; nothing leads home.
    """
    text = typed.strip()[:MAX_SEARCH]
    if not text:
        return "/"
    if is_address(text):
        return f"/verify?u={quote(text, safe='')}"
    return f"/lookup?q={quote(text, safe='')}"


def is_address(text: str) -> bool:
    """Whether this is the address of a site rather than a name, a code or a word."""
    plain = map_people(text).text
    if any(mark in plain for mark in ("://", "/", "\\", "@", ":", "?")):
        return True
    if any(c.isspace() for c in plain) or _CODE.fullmatch(plain):
        return False
    labels = plain.removesuffix(".").split(".")
    return len(labels) > 2 or (len(labels) == 2 and labels[-1] not in _OUR_TLDS and not labels[-1].startswith("zz--"))
