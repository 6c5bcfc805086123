"""A handshake with one address: the version, the suite, the chain, and whether the machine's store believes it."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Any

from verifier.fetch.answer import Failure
from verifier.fetch.trust import looking

SECONDS = 6.0  # for one handshake


@dataclass(frozen=True, slots=True)
class Shaken:
    """What one handshake showed. ``chain`` is DER, leaf first, as the server sent it; ``verify_code`` is OpenSSL's (0: believed)."""

    address: str
    version: str = ""
    suite: str = ""
    chain: tuple[bytes, ...] = ()
    verify_code: int = 0
    verify_text: str = ""
    failure: Failure | None = None
    detail: str = ""


async def shake(address: str, port: int, name: str, context: ssl.SSLContext, seconds: float = SECONDS) -> Shaken:
    """Connect to exactly ``address``, ask for ``name``. When the certificate is refused, shake again to see which it is."""
    try:
        async with asyncio.timeout(seconds):
            return await _shake(address, port, name, context)
    except ssl.SSLCertVerificationError as error:
        seen = await shake(address, port, name, looking(), seconds) if context is not looking() else Shaken(address)
        return Shaken(
            address, seen.version, seen.suite, seen.chain, error.verify_code, error.verify_message, Failure.CERTIFICATE
        )
    except OSError as error:
        return _failed(address, error)


_CLASSES: tuple[tuple[type[OSError], Failure], ...] = (
    (ssl.SSLError, Failure.TLS),
    (TimeoutError, Failure.TIMEOUT),
    (ConnectionRefusedError, Failure.REFUSED),
    (ConnectionError, Failure.RESET),
)


def _failed(address: str, error: OSError) -> Shaken:
    failure = next((failure for kind, failure in _CLASSES if isinstance(error, kind)), Failure.UNREACHABLE)
    return Shaken(address, failure=failure, detail=(getattr(error, "reason", None) or str(error))[:200])


async def _shake(address: str, port: int, name: str, context: ssl.SSLContext) -> Shaken:
    _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=name)
    try:
        tls = writer.get_extra_info("ssl_object")
        suite = tls.cipher() or ("", "", 0)
        return Shaken(address, tls.version() or "", suite[0], _chain(tls))
    finally:
        writer.transport.abort()  # no good-bye: the server's half of it may never come


def _chain(tls: Any) -> tuple[bytes, ...]:
    """All certificates that were sent. Public from Python 3.13 on; before, the inner object has the same method."""
    if hasattr(tls, "get_unverified_chain"):
        return tuple(tls.get_unverified_chain())
    inner = getattr(tls, "_sslobj", None)
    sent = inner.get_unverified_chain() if inner is not None and hasattr(inner, "get_unverified_chain") else None
    if sent:
        return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in sent)
    leaf = tls.getpeercert(binary_form=True)
    return (leaf,) if leaf else ()
