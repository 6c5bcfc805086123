"""Names as keys: two names are equal when their keys are (NAME-POLICY: equal = same index label after mapping, with
brackets, spaces and the middle dot dropped: 中国石油大学（华东） = 中国石油大学华东).

The key of a label without such signs is its index label, so one indexed column serves names of bodies and names of
domains alike. Keys are opaque; :meth:`Keyring.plain` gives the readable form on which derivations work.
"""

import unicodedata
from functools import lru_cache

from registry.policy.idn.table import Table

_BRACKETS = "()[]{}<>«»‹›〈〉《》「」『』【】〔〕〖〗〘〙〚〛“”‘’\"'"
_MIDDLE_DOTS = "·・•‧∙⋅･⸱"
_SPACES = " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff\u200b"
_DROPPED: dict[int, None] = dict.fromkeys(map(ord, _BRACKETS + _MIDDLE_DOTS + _SPACES))
_CACHED_NAMES = 1 << 16  # some ten megabytes; the names of the bodies that ask are asked about many times


class Keyring:
    """The two translations of one registration table. Both take any text and never refuse."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._key: dict[int, str | None] = {**table.minimum, **_DROPPED}
        self._plain: dict[int, str | None] = {**table.simplify, **_DROPPED}
        self.key = lru_cache(maxsize=_CACHED_NAMES)(self._uncached_key)

    def _uncached_key(self, text: str) -> str:
        """The comparison key of a name as it is written in a database."""
        return _mapped(text).translate(self._key)

    def plain(self, text: str) -> str:
        """The name in simplified script, mapped, without brackets, spaces and middle dots: what a label would be."""
        return _mapped(text).translate(self._plain)


def _mapped(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
