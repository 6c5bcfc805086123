"""A verification code as a registrar presents it (``verificationCode-1.0``)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PresentedCode:
    """``encoded`` is the base64 of the signed XML exactly as the caller sent it; nothing in it was checked yet."""

    encoded: str = field(repr=False)
