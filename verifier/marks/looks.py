"""Which look a mark has: it tells a citizen at a glance what kind of body stands behind the site
(domain-rules.md 4.2, 4.3).
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.errors import Text


class Look(StrEnum):
    """As stored in ``verifier.mark.look``."""

    RED = "red"
    BLUE = "blue"
    GREEN = "green"


LOOK_WORDS: Mapping[Look, Text] = {
    Look.RED: Text("党政机关", "Party or government organ"),
    Look.BLUE: Text("事业单位", "Public institution"),
    Look.GREEN: Text("公益机构", "Non-profit body"),
}

_ORGANS = frozenset({"11", "00"})  # 机关; 民主党派 and others that have no code of their own
_INSTITUTIONS = frozenset({"12"})
_PEOPLES_GROUPS = frozenset({"13", "51"})  # organs only when they exercise administrative functions


def look_of(kind: str, *, administrative: bool) -> Look:
    """The look for a body of a kind (first two characters of its code)."""
    if kind in _ORGANS or (administrative and kind in _PEOPLES_GROUPS):
        return Look.RED
    return Look.BLUE if kind in _INSTITUTIONS else Look.GREEN
