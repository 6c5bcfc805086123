"""Identity and chance: the only place that draws random bits (house law ``one_source_of_chance``)."""

import base64
import secrets

_ALPHABET = (
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U, so an id can be read out by telephone
)

_FROM_RFC4648 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET.encode())

TOKEN_BITS = 256  # what an API secret or a session needs against guessing for ever
PUBLIC_ID_BITS = 128  # verifier.md W7: an id of a mark must not be guessable or enumerable


def new_token() -> str:
    """A URL-safe secret of :data:`TOKEN_BITS` bits."""
    return secrets.token_urlsafe(TOKEN_BITS // 8)


def new_public_id(bits: int = PUBLIC_ID_BITS) -> str:
    """An unguessable id that people may have to type: Crockford base 32, upper case."""
    length = -(-bits // 5)
    drawn = base64.b32encode(
        secrets.token_bytes(-(-length // 8) * 5)
    )  # whole groups of 40 bits, so there is no padding
    return drawn[:length].translate(_FROM_RFC4648).decode()


def new_transaction_id() -> str:
    """A server transaction id (RFC 5730 section 2.6: 3 to 64 characters), unpredictable."""
    return f"ZM-{new_public_id(80)}"


def new_bytes(count: int) -> bytes:
    """Random bytes for keys, salts and nonces."""
    return secrets.token_bytes(count)
