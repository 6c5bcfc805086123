"""The number of a mark: unguessable, and with a check character for people who read it out or type it.

26 random characters of Crockford's base 32 (128 bits, domain-rules.md W7: nobody walks through the numbers) and
one check character. The characters are elements of GF(2^5), the check is the value that makes the polynomial
with them as coefficients vanish at x = 2, a generator of the field's 31 non-zero elements. Up to 31 places have
distinct weights, so every single wrong character and every exchange of two different characters, next to each
other or not, is found.
"""

from registry.kernel.ids import new_public_id

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 27
_FIELD = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})  # Crockford's rules for reading


def new_mark_id() -> str:
    """A fresh number."""
    return with_check(new_public_id())


def with_check(body: str) -> str:
    """``body`` with its check character behind it."""
    return body + ALPHABET[_twice(_remainder(body))]


def read_mark_id(typed: str) -> str | None:
    """The number as it is stored, or None when what was typed cannot be one."""
    text = typed.strip().upper().translate(_READ_AS)
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        return None
    return text if _remainder(text) == 0 else None


def _remainder(text: str) -> int:
    value = 0
    for character in text:
        value = _twice(value) ^ ALPHABET.index(character)
    return value


def _twice(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 0b100000 else doubled
