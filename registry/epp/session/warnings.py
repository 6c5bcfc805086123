"""What a client is warned of when it logs in (RFC 8807 section 4.1)."""

from datetime import datetime, timedelta

from registry.epp.answer import Piece
from registry.epp.markup import instant, root, tag
from registry.epp.namespaces import LOGIN_SECURITY

CERTIFICATE_NOTICE = timedelta(days=30)  # what a registrar needs to have a new certificate issued and rolled out


def write_warnings(certificate_ends: datetime | None, now: datetime, language: str) -> tuple[Piece, ...]:
    """``loginSec:loginSecData``, or nothing when there is nothing to warn of."""
    if certificate_ends is None or certificate_ends - now > CERTIFICATE_NOTICE:
        return ()
    text = "客户端证书即将到期" if language == "zh" else "the client certificate will expire soon"
    event = tag(
        "loginSec:event", text, type="certificate", level="warning", exDate=instant(certificate_ends), lang=language
    )
    return (Piece(LOGIN_SECURITY, root("loginSec:loginSecData", event)),)
