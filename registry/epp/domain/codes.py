"""Verification codes in commands and answers (verificationCode-1.0): proof of who the body is and that the name is right."""

from registry.epp.answer import Piece
from registry.epp.markup import NOTHING, element, instant, root, tag
from registry.epp.namespaces import VERIFICATION
from registry.epp.request import Asked
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Proof
from registry.model.verification import PresentedCode

PRESENTED = (VERIFICATION, "encodedSignedCode")
ASKED = (VERIFICATION, "info")
PROFILE = "zhengming"  # what a name of a public body needs: a code of type registrant


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


def write_compliance(asked: Asked, proof: Proof) -> tuple[Piece, ...]:
    """``verificationCode:infData`` when the command asked for it, by the one profile that there is here.

    A client that asks for another profile is told that it does not apply.
    """
    wanted = asked.extensions.get(ASKED)
    if wanted is None:
        return ()
    applies = wanted.attribute("profile", PROFILE) == PROFILE and proof.status != "notApplicable"
    status = tag("verificationCode:status", proof.status if applies else "notApplicable")
    profile = write_profile(proof) if applies else NOTHING
    return (Piece(VERIFICATION, root("verificationCode:infData", status, profile)),)


def write_profile(proof: Proof) -> str:
    """What is missing and until when, and what was given; the codes themselves only where the view holds them."""
    missing = [tag("verificationCode:code", NOTHING, type=kind, due=instant(due)) for kind, due in proof.missing]
    given = [tag("verificationCode:code", code, type=kind, date=instant(at)) for code, kind, at in proof.given]
    return element(
        "verificationCode:profile",
        tag("verificationCode:status", proof.status),
        element("verificationCode:missing", *missing) if missing else NOTHING,
        element("verificationCode:set", *given) if given else NOTHING,
        name=PROFILE,
    )
