"""Identifiers that a registrar chooses."""

import re

from registry.kernel.errors import Reason, Refusal

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,14}[A-Za-z0-9]")  # eppcom:clIDType, 3 to 16, without spaces


def is_identifier(text: str) -> bool:
    """Whether it can name a contact or a registrar. Identifiers differ by case: ``ABC-1`` and ``abc-1`` are two."""
    return bool(_IDENTIFIER.fullmatch(text))


def check_identifier(text: str) -> None:
    """Refuse (``SYNTAX_INVALID``) what is no identifier."""
    if not is_identifier(text):
        raise Refusal(
            Reason.SYNTAX_INVALID,
            "标识须为 3 至 16 个字母、数字或 . _ -，且以字母或数字开头和结尾",
            "an identifier has 3 to 16 letters, digits or . _ -, the first and the last a letter or a digit",
            where="id",
            value=text,
        )
