"""Punycode (RFC 3492) for labels: quick, and total, where the codec of the standard library is slow and raises.

Theory of operation. A decoder of Punycode is a machine with a state (n, i): it inserts code points in ascending order,
and each number that it reads says how many states to advance before the next insertion. The encoder of the RFC walks
through the whole text once for each distinct code point to count those states. This one computes them: when the code
points are taken in ascending order, the index of an insertion is the number of characters already inserted that stand
before it in the text, which a bisection finds. A property test holds it equal to the standard encoder, which takes
about twice as long and is most of the cost of a label.
"""

from bisect import bisect_left

_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
_BASE, _TMIN, _TMAX, _SKEW, _DAMP = 36, 1, 26, 38, 700  # RFC 3492, section 5
_FIRST_BIAS, _FIRST_CODE_POINT = 72, 128
_LAST_CODE_POINT = 0x10FFFF
_MAX_DIGITS = 20  # a number that stays within Unicode has at most 10; more would only be work for nothing
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_ADAPT_LIMIT = (_BASE - _TMIN) * _TMAX // 2


def encode(text: str) -> str:
    """The part after ``xn--`` (RFC 3492, section 6.3). Takes any text; made for labels, not for pages."""
    places = [i for i, c in enumerate(text) if c < "\x80"]
    basic = len(places)
    out = [text[i] for i in places]
    if basic:
        out.append("-")
    n, i, bias = _FIRST_CODE_POINT, 0, _FIRST_BIAS
    for points, (m, place) in enumerate(sorted([(ord(c), i) for i, c in enumerate(text) if c >= "\x80"]), basic + 1):
        rank = bisect_left(places, place)
        places.insert(rank, place)
        delta = (m - n) * points + rank - i
        n, i = m, rank + 1
        _put_number(out, delta, bias)
        bias = _adapted(delta, points, points == basic + 1)
    return "".join(out)


def _put_number(out: list[str], number: int, bias: int) -> None:
    """A variable-length integer, least digit first (RFC 3492, section 3.3)."""
    k = _BASE
    while True:
        t = k - bias
        t = _TMIN if t < _TMIN else _TMAX if t > _TMAX else t  # noqa: FURB136  min() and max() cost a third of the time
        if number < t:
            break
        number -= t
        out.append(_DIGITS[t + number % (_BASE - t)])
        number //= _BASE - t
        k += _BASE
    out.append(_DIGITS[number])


def _adapted(delta: int, points: int, is_first: bool) -> int:
    """The bias for the next number (RFC 3492, section 6.1)."""
    delta = delta // _DAMP if is_first else delta >> 1
    delta += delta // points
    k = 0
    while delta > _ADAPT_LIMIT:
        delta //= _BASE - _TMIN
        k += _BASE
    return k + _BASE * delta // (delta + _SKEW)


def decode(encoded: str) -> str | None:
    """The text of a lower-case payload (RFC 3492, section 6.2); ``None`` when it is none or no Unicode text.

    Takes more spellings of a text than :func:`encode` gives; who wants the only one encodes again and compares.
    """
    basic, _, digits = encoded.rpartition("-")
    out = list(basic)
    n, i, bias, at = _FIRST_CODE_POINT, 0, _FIRST_BIAS, 0
    while at < len(digits):
        number, at = _take_number(digits, at, bias)
        points = len(out) + 1
        bias = _adapted(number, points, not i)
        n, i = n + (i + number) // points, (i + number) % points
        if at < 0 or n > _LAST_CODE_POINT or 0xD800 <= n <= 0xDFFF:
            return None
        out.insert(i, chr(n))
        i += 1
    return "".join(out)


def _take_number(digits: str, at: int, bias: int) -> tuple[int, int]:
    """The variable-length integer at a place, and the place after it: -1 when it is none, or beyond all Unicode."""
    number, weight, k = 0, 1, _BASE
    for place in range(at, min(len(digits), at + _MAX_DIGITS)):
        digit = _VALUES.get(digits[place], _BASE)
        number += digit * weight
        t = k - bias
        t = _TMIN if t < _TMIN else _TMAX if t > _TMAX else t  # noqa: FURB136  as above
        if digit < t:
            return number, place + 1
        if digit == _BASE:
            break
        weight *= _BASE - t
        k += _BASE
    return 0, -1
