"""Punycode (RFC 3492): an encoder for short labels; the decoder of the standard library, made total.

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
        delta = delta >> 1 if points > basic + 1 else delta // _DAMP
        delta += delta // points
        bias = 0
        while delta > _ADAPT_LIMIT:
            delta //= _BASE - _TMIN
            bias += _BASE
        bias += _BASE * delta // (delta + _SKEW)
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


def decode(encoded: str) -> str | None:
    """The text of an ASCII payload (RFC 3492, section 6.2), or ``None`` when it is none or no Unicode text."""
    try:
        text = encoded.encode("ascii").decode("punycode")
    except (ValueError, OverflowError):
        return None
    return None if any("\ud800" <= c <= "\udfff" for c in text) else text
