"""A name as somebody asks for it, read the way the register reads it: any spelling, either form."""

import re
from dataclasses import dataclass
from functools import lru_cache

from registry.kernel.names import ACE_PREFIX, MAX_NAME_OCTETS, split
from registry.policy.idn import punycode
from registry.policy.idn.bundle import Disposition, disposition, stored_bundle
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import a_form, index_of, simplified_of

MAX_ASKED = 253  # characters; longer text is no name (RFC 1035, section 2.3.4)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AskedName:
    """``name`` is the A-label name, ``u_label`` the label as text, ``tld`` the A-label of the zone, ``index`` the key."""

    name: str
    u_label: str
    tld: str
    index: str


def read_name(text: str) -> AskedName | None:
    """A name of exactly two labels, in either form and any script; None when it cannot be one.

    The zone may be written in traditional script too (政務). Nothing else is mapped: a door of people maps before
    (``registry.kernel.names.map_people``).
    """
    bare = text.strip().removesuffix(".")
    label, tld = split(bare)
    if not label or not tld or "." in label or len(bare) > MAX_ASKED:
        return None
    zone, u_label = _zone(tld), unicode_label(label)
    if not u_label.isprintable() or not zone.isprintable():
        return None
    name = f"{label.lower() if label.isascii() else a_form(u_label)}.{zone}"
    if len(name) > MAX_NAME_OCTETS:
        return None
    return AskedName(name, u_label, zone, index_of(u_label, shipped_table()))


@lru_cache(maxsize=1024)
def _zone(tld: str) -> str:
    """The A-label of a zone in any script and form."""
    return a_form(simplified_of(unicode_label(tld), shipped_table())).lower()


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot take in: NUL and halves of surrogate pairs become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def unicode_label(label: str) -> str:
    """The text of a label in either form; one that does not decode stays as it is."""
    lowered = label.lower()
    if not lowered.isascii() or not lowered.startswith(ACE_PREFIX):
        return lowered
    return punycode.decode(lowered[len(ACE_PREFIX) :]) or lowered


def disposition_of(spellings: dict[str, str], u_label: str) -> Disposition:
    """What a registered bundle makes of another spelling. ``spellings`` maps the roles of its members to U-labels."""
    registered = spellings["registered"]
    bundle = stored_bundle(
        registered, spellings.get("simplified", registered), spellings.get("traditional", registered)
    )
    return disposition(bundle, u_label, shipped_table())
