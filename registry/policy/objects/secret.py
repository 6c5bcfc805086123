"""Authorization information (RFC 9154): how strong it must be, and how it is kept."""

import hashlib
import hmac
import math
from datetime import timedelta

from registry.kernel.errors import Reason, Refusal

MIN_BITS = 128  # RFC 9154 section 4.1
MIN_CONTACT_BITS = (
    80  # ours: a contact is never handed over by its secret alone; clients draw 16 letters and digits (95 bits)
)
MIN_DIFFERENT = 8  # a password of 22 equal letters has the length but no entropy
MAX_LENGTH = 255  # a bound of ours on what is hashed; pwAuthInfoType has none
AUTH_LIFE = timedelta(days=30)  # RFC 9154 section 4.3: a secret that is set for a transfer does not live for ever
SALT_OCTETS = 16  # so that equal secrets do not look equal
_SCHEME = "sha256"


def check_strength(secret: str) -> None:
    """Refuse (``POLICY_FORBIDS``) a domain's secret that can be guessed: at least 128 bits, estimated as length times log2 of its alphabet.

    20 random printable characters or 22 random letters and digits are enough. The empty secret means "none" and passes.
    """
    _check(secret, MIN_BITS, "22")


def check_contact_strength(secret: str) -> None:
    """The same for a contact, where RFC 9154 asks for nothing (it is about transfers of domains): at least 80 bits."""
    _check(secret, MIN_CONTACT_BITS, "14")


def _check(secret: str, bits: int, enough: str) -> None:
    if not secret:
        return
    if not all(0x21 <= ord(character) <= 0x7E for character in secret) or len(secret) > MAX_LENGTH:
        raise Refusal(
            Reason.VALUE_INVALID,
            f"授权信息只能用可见 ASCII 字符，最多 {MAX_LENGTH} 个",
            f"authorization information has visible ASCII characters, at most {MAX_LENGTH}",
            where="authInfo",
        )
    if estimated_bits(secret) < bits or len(set(secret)) < MIN_DIFFERENT:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"授权信息太弱：至少要 {bits} 位熵，例如 {enough} 个随机的字母和数字；创建时可以留空（RFC 9154）",
            f"the authorization information is too weak: it needs {bits} bits, such as {enough} random letters and digits; "
            "it may be empty at creation (RFC 9154)",
            where="authInfo",
        )


def estimated_bits(secret: str) -> float:
    """Length times log2 of the size of the character classes that occur (RFC 9154 section 4.1)."""
    classes = {_class_size(character) for character in secret}
    return len(secret) * math.log2(sum(size for size, _ in classes)) if classes else 0.0


def hashed(secret: str, salt: bytes) -> str:
    """``sha256$SALT$HASH`` in hexadecimal; empty for no secret. A fast hash is enough for 128 random bits (RFC 9154 section 4.3)."""
    if not secret:
        return ""
    digest = hashlib.sha256(salt + secret.encode()).hexdigest()
    return f"{_SCHEME}${salt.hex()}${digest}"


def matches(secret: str, stored: str) -> bool:
    """Whether ``secret`` is the one that was hashed; nothing matches an unset one (RFC 9154 section 4.4)."""
    scheme, _, rest = stored.partition("$")
    salt, _, digest = rest.partition("$")
    if scheme != _SCHEME or not secret:
        return False
    found = hashlib.sha256(bytes.fromhex(salt) + secret.encode()).hexdigest()
    return hmac.compare_digest(found, digest)


def _class_size(character: str) -> tuple[int, str]:
    if character.isdigit():
        return 10, "digit"
    if character.isalpha():
        return 26, "upper" if character.isupper() else "lower"
    return 32, "sign"
