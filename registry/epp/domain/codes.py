"""Verification codes in commands and answers (verificationCode-1.0): proof of who the body is and that the name is right."""

from registry.epp.answer import Piece
from registry.epp.markup import root, tag
from registry.epp.namespaces import VERIFICATION
from registry.epp.request import Asked
from registry.kernel.errors import Reason, Refusal
from registry.model.domain import Domain
from registry.model.verification import PresentedCode

PRESENTED = (VERIFICATION, "encodedSignedCode")
ASKED = (VERIFICATION, "info")


def read_codes(asked: Asked) -> tuple[PresentedCode, ...]:
    """The codes as they were sent. What is in them is the flow's question."""
    node = asked.extensions.get(PRESENTED)
    codes = node.children("code") if node is not None else []
    for code in codes:
        if code.attribute("encoding", "base64") != "base64":
            raise Refusal(
                Reason.VALUE_INVALID,
                "核验码的编码只能是 base64",
                "a verification code is encoded in base64",
                where="verificationCode:code",
            )
    return tuple(PresentedCode(code.token) for code in codes)


def write_compliance(asked: Asked, domain: Domain) -> tuple[Piece, ...]:
    """``verificationCode:infData`` when the command asked for it: a name with a body behind it was verified at creation."""
    if ASKED not in asked.extensions:
        return ()
    status = "compliant" if domain.uscc else "notApplicable"
    return (Piece(VERIFICATION, root("verificationCode:infData", tag("verificationCode:status", status))),)
