"""What is found at fault with a delegation, in words for those who must mend it."""

from dataclasses import dataclass
from enum import StrEnum

from registry.kernel.errors import Text


class Severity(StrEnum):
    """``ERROR``: the name does not work, or not for everybody. ``WARNING``: it works and is in danger. ``NOTICE``: could be better."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is stable; ``where`` the server and address, or empty when it concerns the whole."""

    severity: Severity
    code: str
    text: Text
    where: str = ""


def error(code: str, zh: str, en: str, where: str = "") -> Finding:
    """Of that severity."""
    return Finding(Severity.ERROR, code, Text(zh, en), where)


def warning(code: str, zh: str, en: str, where: str = "") -> Finding:
    """Of that severity."""
    return Finding(Severity.WARNING, code, Text(zh, en), where)


def notice(code: str, zh: str, en: str, where: str = "") -> Finding:
    """Of that severity."""
    return Finding(Severity.NOTICE, code, Text(zh, en), where)
