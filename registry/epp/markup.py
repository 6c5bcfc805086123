"""Writing XML: text is escaped where it enters, so what is put together from pieces is always well-formed."""

import re
from datetime import UTC, datetime

from registry.epp.namespaces import PREFIXES

_URIS = {prefix: uri for uri, prefix in PREFIXES.items()}
# What XML 1.0 section 2.2 does not allow at all; such a character can only come from outside EPP, and must not break an answer.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile('[&<>"\r\n\t\x00-\x1f\ufffe\uffff\ud800-\udfff]')
NOTHING = ""


def escaped(text: str) -> str:
    """The text as it may stand in an element or between double quotes."""
    if not _SPECIAL.search(text):
        return text
    allowed = _FORBIDDEN.sub("\ufffd", text)
    return (
        allowed.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", "&#13;")
    )


def tag(name: str, text: str, /, **attributes: str) -> str:
    """An element that holds text. An attribute called ``class_`` is written ``class``."""
    return f"<{name}{_written(attributes)}>{escaped(text)}</{name}>"


def element(name: str, /, *parts: str, **attributes: str) -> str:
    """An element that holds pieces of XML that this module made; short when it holds nothing."""
    inside = "".join(parts)
    return f"<{name}{_written(attributes)}>{inside}</{name}>" if inside else f"<{name}{_written(attributes)}/>"


def root(name: str, *parts: str) -> str:
    """An element ``prefix:name`` that declares its namespace."""
    prefix = name.partition(":")[0]
    return f'<{name} xmlns:{prefix}="{_URIS[prefix]}">{"".join(parts)}</{name}>'


def optional(name: str, text: str) -> str:
    """An element that holds text, or nothing at all when there is none."""
    return tag(name, text) if text else NOTHING


def moment(name: str, at: datetime | None) -> str:
    """An element that holds an instant, or nothing: ``xs:dateTime`` in UTC (RFC 5731 section 2.4)."""
    return f"<{name}>{instant(at)}</{name}>" if at else NOTHING


def instant(at: datetime) -> str:
    """``2026-06-01T01:00:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name.rstrip("_")}="{escaped(value)}"' for name, value in attributes.items())
