"""EPP statuses in RDAP's words (RFC 8056, section 2): small letters and spaces, and a few that have other names."""

import re
from collections.abc import Iterable

_NAMED = {"ok": "active", "linked": "associated"}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def rdap_status(status: str) -> str:
    """``clientHold`` to ``client hold``, ``ok`` to ``active``, ``addPeriod`` to ``add period``."""
    return _NAMED.get(status) or _HUMP.sub(" ", status).lower()


def rdap_statuses(statuses: Iterable[str]) -> list[str]:
    """All of them, each once (RFC 9083, section 4.6), in the order given."""
    return list(dict.fromkeys(map(rdap_status, statuses)))
