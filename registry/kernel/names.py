"""Domain names as text: what people type, what the wire carries, and the two forms of a label.

Three different acts that must not be confused:

* :func:`map_people` belongs to the doors of people (web, REST name checks, command line): it turns what a keyboard or a
  clipboard gives (full width, capitals, ``。`` between labels, compatibility forms, invisible characters) into what was
  meant, and says what it changed, so that the page can ask "did you mean". EPP, DNS and WHOIS never map.
* :func:`to_a` and :func:`to_u` change one *valid* name between its A-form and its U-form, strictly by IDNA2008
  (RFC 5891, section 5); they never repair. Any registrable question is asked of ``registry.policy.idn``, not of them.
* :func:`split` cuts a name at its last dot.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import idna

TLDS = {"政务": "xn--zfr164b", "公益": "xn--55qw42g"}  # U-form to A-form, as the root zone has them
MAX_NAME_OCTETS = 253  # RFC 1035, section 2.3.4: 255 on the wire, less the root and the first length octet
MAX_LABEL_OCTETS = 63  # RFC 1035, section 2.3.4
ACE_PREFIX = "xn--"  # RFC 5890, section 2.3.2.5
DOTS = "。．｡"  # the separators of a Chinese keyboard; RFC 5895, section 2.2 and the ministry's notice of 2018, no. 7
MAX_COMPOSED = 1024  # longer text is no name; composing it takes time quadratic in a run of combining marks
_LDH = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
# Characters that UTS 46 drops: a soft hyphen or a zero width space comes along with copied text and nobody sees it.
_INVISIBLE = frozenset(map(chr, (0x00AD, 0x034F, 0x200B, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10))))


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` was typed at ``position`` (characters from 0) and ``after`` stands in its place (empty: dropped)."""

    position: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The text after mapping, and every change in the order of the text (none: it was already plain)."""

    text: str
    changes: tuple[Change, ...] = ()


def map_people(text: str) -> Mapped:
    """What was meant by what was typed. Never refuses: whatever it cannot map is left for the label check to name.

    White space at both ends goes without a word; inside it stays. Half a surrogate pair becomes U+FFFD, so the text can
    always be written. Linear in the length of ``text``.
    """
    start = len(text) - len(text.lstrip())
    bare = text.strip()
    plain = bare.isascii() and bare == bare.lower()
    if plain:
        return Mapped(bare)
    pieces = [_mapped_character(c) for c in bare]
    changes = [Change(start + i, c, m) for i, (c, m) in enumerate(zip(bare, pieces, strict=True)) if c != m]
    mapped = "".join(pieces)
    composed = unicodedata.normalize("NFC", mapped) if len(mapped) <= MAX_COMPOSED else mapped
    if composed != mapped:
        changes.append(_composing(start, pieces, mapped, composed))
    return Mapped(composed, tuple(changes))


def _composing(start: int, pieces: list[str], mapped: str, composed: str) -> Change:
    """The stretch that composing changed: all between what both texts begin and end with."""
    first = _same(mapped, composed)
    last = _same(mapped[first:][::-1], composed[first:][::-1])
    ends = accumulate(map(len, pieces))
    typed = next((i for i, end in enumerate(ends) if end > first), len(pieces))
    return Change(start + typed, mapped[first : len(mapped) - last], composed[first : len(composed) - last])


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@lru_cache(maxsize=4096)
def _mapped_character(character: str) -> str:
    if character in DOTS:
        return "."
    if character in _INVISIBLE:
        return ""
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).lower())


def split(name: str) -> tuple[str, str]:
    """``国务院.政务`` to ``("国务院", "政务")``; all before the last dot is the first part; no dot, no second part.

    Never refuses: a first part that contains dots is no label, and the label check says so.
    """
    first, dot, last = name.rpartition(".")
    return (first, last) if dot else (name, "")


def to_a(name: str) -> str:
    """The A-form of a name in either form, lower case, without a final dot.

    ASCII labels are compared without case (RFC 4343), so they are lowered; others must be valid U-labels as they are.
    ``ValueError`` on anything that is no host name by RFC 1123 or IDNA2008, with the label in the message.
    """
    labels = [_label_to_a(label) for label in _labels(name)]
    joined = ".".join(labels)
    if len(joined) > MAX_NAME_OCTETS:
        raise ValueError(f"a name has at most {MAX_NAME_OCTETS} octets, this has {len(joined)}")
    return joined


def to_u(name: str) -> str:
    """The U-form of a name in either form, without a final dot; ``ValueError`` as in :func:`to_a`."""
    return ".".join(_label_to_u(label) for label in to_a(name).split("."))


def _labels(name: str) -> list[str]:
    bare = name.removesuffix(".")
    if not bare or len(bare) > MAX_NAME_OCTETS:
        raise ValueError(f"a name has 1 to {MAX_NAME_OCTETS} octets")
    return bare.split(".")


@lru_cache(maxsize=65536)
def _label_to_a(label: str) -> str:
    if not label.isascii():
        return idna.alabel(label).decode("ascii")
    lowered = label.lower()
    if not lowered or len(lowered) > MAX_LABEL_OCTETS:
        raise ValueError(f"a label has 1 to {MAX_LABEL_OCTETS} octets: {label!r}")
    if not _LDH.issuperset(lowered) or lowered[0] == "-" or lowered[-1] == "-":
        raise ValueError(f"a label has letters, digits and inner hyphens: {label!r}")
    if lowered.startswith(ACE_PREFIX):
        _label_to_u(lowered)
    return lowered


@lru_cache(maxsize=65536)
def _label_to_u(label: str) -> str:
    return idna.ulabel(label) if label.startswith(ACE_PREFIX) else label
