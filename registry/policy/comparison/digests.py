"""By what a decision knows again what it was about: a digest of the values that were looked at. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence

EXISTENCE = hashlib.sha256(b"").digest()  # of a finding that only says that there is, or is not, such a body


def values_digest(values: Sequence[str]) -> bytes:
    """Of one field: what we say, what they say."""
    return hashlib.sha256(json.dumps(list(values), ensure_ascii=False).encode()).digest()


def candidates_digest(keys: Iterable[str]) -> bytes:
    """Of the bodies that an ambiguous row may mean, whatever their order."""
    return values_digest(sorted(keys))
