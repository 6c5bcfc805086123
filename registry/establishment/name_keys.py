"""The key under which a name of a body is found: its index label, so that every spelling of it is one.

Brackets, spaces and the middle dot do not count (中国石油大学（华东） = 中国石油大学华东), nor do case and width (name policy, ``equal``).
"""

import unicodedata

from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import index_of

_DROPPED = dict.fromkeys(map(ord, "()[]{}（）［］〔〕【】《》〈〉“”\"'‘’ \u3000·•・‧"))


def name_key(name: str) -> str:
    """The index label of a name; characters outside the registration table pass through, so this never fails."""
    return index_of(unicodedata.normalize("NFKC", name).lower().translate(_DROPPED), shipped_table())
