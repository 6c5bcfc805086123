"""The mark as a signed statement: a compact JWS that says whose site stands at which hosts, for seven days. Pure.

Shape: OpenID Federation 1.0, trust mark (``typ: trust-mark+jwt``), with the body, the hosts and a Token Status
List reference as members of our own (verifier.md 3.5 a). Algorithm ``EdDSA`` over Ed25519 (RFC 8037, section
3.1). The statement of one mark is the same all day: ``iat`` is the beginning of the UTC day (or the issue, when
that is later) and ``jti`` names mark and day, so it needs no store, may be cached, and a copy in another
person's hands is no secret. It is worth something only together with the hosts it names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.kernel.errors import Reason, Refusal
from verifier.marks.keys import IssuerKey

TYPE = "trust-mark+jwt"
ALGORITHM = "EdDSA"
MARK_TYPE_PATH = "/t/official-site/1"
MAX_TOKEN_BYTES = 8192  # verifier.md 3.2, check 6


@dataclass(frozen=True, slots=True)
class Claims:
    """What a mark says. ``hosts`` are A-form names, ``origin`` the address that the site is reached at."""

    issuer: str
    mark_id: str
    origin: str
    hosts: tuple[str, ...]
    body_name: str
    uscc: str
    look: str
    issued_at: datetime
    status_list: int
    status_slot: int


def sign_credential(claims: Claims, key: IssuerKey, now: datetime, life: timedelta) -> str:
    """The compact JWS of the day of ``now``."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return jwt.encode(
        _payload(claims, max(day, claims.issued_at), day, life), key.private, ALGORITHM, {"typ": TYPE, "kid": key.kid}
    )


def _payload(claims: Claims, begins: datetime, day: datetime, life: timedelta) -> dict[str, Any]:
    return {
        "iss": claims.issuer,
        "sub": claims.origin,
        "trust_mark_type": claims.issuer + MARK_TYPE_PATH,
        "iat": int(begins.timestamp()),
        "exp": int((begins + life).timestamp()),
        "jti": f"{claims.mark_id}-{day:%Y%m%d}",
        "mid": claims.mark_id,
        "org": {"n": claims.body_name, "id": claims.uscc},
        "look": claims.look,
        "hosts": list(claims.hosts),
        "ref": f"{claims.issuer}/v/{claims.mark_id}",
        "status": {"status_list": {"idx": claims.status_slot, "uri": f"{claims.issuer}/status/{claims.status_list}"}},
    }


def check_credential(token: str, keys: Mapping[str, Ed25519PublicKey], now: datetime, host: str) -> dict[str, Any]:
    """The claims of a token that is ours, of the right type, in its days and for ``host`` (A-form).

    Refuses with ``VERIFICATION_INVALID`` anything else; the state of the mark is a question for its status list.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise _refused("凭证过长", "the credential is too long")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE or header.get("kid") not in keys:
            raise _refused("凭证的类型或签发密钥不对", "the credential is of another type or by another key")
        claims: dict[str, Any] = jwt.decode(
            token,
            keys[header["kid"]],
            [ALGORITHM],
            options={"verify_exp": False, "verify_iat": False, "require": ["iat", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise _refused("凭证的签名不对", "the signature of the credential is wrong") from error
    if not claims["iat"] <= now.timestamp() < claims["exp"]:
        raise _refused("凭证不在有效期内", "the credential is not in its days")
    if host not in claims.get("hosts", ()):
        raise _refused("凭证不属于这个网站", "the credential belongs to another site")
    return claims


def _refused(zh: str, en: str) -> Refusal:
    return Refusal(Reason.VERIFICATION_INVALID, zh, en, where="credential")
