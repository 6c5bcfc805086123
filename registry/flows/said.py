"""What people must say, such as a reason: there, and within bounds."""

from registry.kernel.errors import Reason, Refusal
from registry.model.application import MAX_REASON


def said_text(text: str, zh: str, en: str, *, most: int = MAX_REASON) -> str:
    """The text without the space around it. Refuses with PARAMETER_MISSING (in the words given), TOO_LARGE."""
    said = text.strip()
    if not said:
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="reason")
    if len(said) > most:
        raise Refusal(Reason.TOO_LARGE, f"最多 {most} 字", f"at most {most} characters", where="reason")
    return said
