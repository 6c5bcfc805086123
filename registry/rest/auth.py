"""Access tokens: signed statements (RFC 9068) that a client of a registrar, or of a data centre, has signed in.

EdDSA over Ed25519 (RFC 8037), ``typ`` ``at+jwt``. A token says which client and which scopes; whether that client still
exists is asked of the register at every request, so a revoked client is out at once and not when its token ends.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from registry.flows.establishment.scopes import CENTRE_SCOPES
from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.xml.keys import write_once

ALGORITHM = "EdDSA"
TYPE = "at+jwt"
MAX_TOKEN = 2048  # ours have about 500 characters
# issue codes; register and change names; look at one's own things; look after the registrar's own account
REGISTRAR_SCOPES = ("verify", "register", "read", "account")
SCOPES = (*REGISTRAR_SCOPES, *CENTRE_SCOPES)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token says. A client speaks for a registrar or for a data centre; the other one is empty."""

    client_id: str
    registrar_id: str
    scopes: frozenset[str]
    centre: str = ""


class Tokens:
    """Makes and reads the tokens of this door."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._clock = clock
        self._issuer = config.public_url
        self._audience = f"{config.public_url}/api/v1"
        self._life = timedelta(minutes=config.web.token_minutes)
        self._key = _key_at(config.secret("token.pem", config.web.token_key_file))

    @property
    def seconds(self) -> int:
        """The life of a token."""
        return int(self._life.total_seconds())

    def issue(self, grant: Grant) -> str:
        """A token that begins now (RFC 9068 section 2.2)."""
        now = self._clock.now()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": grant.client_id,
            "client_id": grant.client_id,
            "registrar": grant.registrar_id,
            "centre": grant.centre,
            "scope": " ".join(one for one in SCOPES if one in grant.scopes),
            "iat": int(now.timestamp()),
            "exp": int((now + self._life).timestamp()),
            "jti": new_public_id(),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"typ": TYPE})

    def read(self, token: str) -> Grant:
        """What the token says. Refuses with CREDENTIALS_WRONG unless we made it, for here, and it has not ended."""
        claims = self._claims(token)
        now = self._clock.now().timestamp()
        if not claims["iat"] <= now < claims["exp"]:
            raise _wrong("访问令牌已过期，请重新申请", "the access token has expired; please ask for a new one")
        scopes = frozenset(str(claims["scope"]).split())
        return Grant(str(claims["client_id"]), str(claims["registrar"]), scopes, str(claims["centre"]))

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > MAX_TOKEN:
            raise _wrong("访问令牌无效", "the access token is not valid")
        try:
            if jwt.get_unverified_header(token).get("typ") != TYPE:
                raise _wrong("这不是访问令牌", "this is not an access token")
            return jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={  # the instants are compared with our own clock, above
                    "verify_exp": False,
                    "verify_iat": False,
                    "require": ["iss", "aud", "exp", "iat", "client_id", "registrar", "centre", "scope"],
                },
            )
        except jwt.PyJWTError as error:
            raise _wrong("访问令牌无效", "the access token is not valid") from error


def _key_at(path: Path) -> Ed25519PrivateKey:
    """The signing key; made on first use (mode 0600)."""
    write_once(path, _new_key)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Fault(f"the key file {path} cannot be used: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Fault(f"the key in {path} must be Ed25519")
    return key


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _wrong(zh: str, en: str) -> Refusal:
    return Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="Authorization")
