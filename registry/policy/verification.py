"""What verification codes a name needs, and until when one may be presented (``verificationCode-1.0``). Pure.

A code of type ``registrant`` says "this 统一社会信用代码 is that body", one of type ``domain`` says "this name is
right for that body". A zone's profile (``tld.verification``) says what it wants:

* ``required``: no name without a ``registrant`` code, at creation;
* ``grace``: the name may be created first and stands on ``serverHold`` until the code is brought;
* ``none``: a test zone.

A ``domain`` code is never required: without one the name decision is taken when the name is created.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class CodeType(StrEnum):
    """The types of codes; the value stands in the ``type`` attribute of ``verificationCode:code``."""

    REGISTRANT = "registrant"
    DOMAIN = "domain"


class Compliance(StrEnum):
    """``verificationCode:statusEnum``, the status of a domain's set of codes."""

    NOT_APPLICABLE = "notApplicable"
    NON_COMPLIANT = "nonCompliant"
    PENDING = "pendingCompliance"
    COMPLIANT = "compliant"


class Standing(StrEnum):
    """What a code is worth at an instant."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Missing:
    """A code that has to be brought until ``due``."""

    type: CodeType
    due: datetime


GRACE = timedelta(days=30)  # the draft leaves the length to the profile; ours lives as long as a code does
REQUIRED: Mapping[str, tuple[CodeType, ...]] = {
    "required": (CodeType.REGISTRANT,),
    "grace": (CodeType.REGISTRANT,),
    "none": (),
}


def lacking(profile: str, presented: Collection[str]) -> tuple[CodeType, ...]:
    """The types that ``profile`` wants and ``presented`` (types of valid codes) has not."""
    return tuple(wanted for wanted in REQUIRED[profile] if wanted not in presented)


def may_create(profile: str, presented: Collection[str]) -> bool:
    """Whether a name may be created now; under ``grace`` the lacking codes are due later (:func:`missing`)."""
    return profile != "required" or not lacking(profile, presented)


def missing(profile: str, presented: Collection[str], created_at: datetime) -> tuple[Missing, ...]:
    """The lacking codes with the instant at which each is due."""
    due = created_at + GRACE if profile == "grace" else created_at
    return tuple(Missing(one, due) for one in lacking(profile, presented))


def compliance(profile: str, presented: Collection[str], created_at: datetime, now: datetime) -> Compliance:
    """The status of a domain's codes, as ``verificationCode:infData`` tells it."""
    if not REQUIRED[profile]:
        return Compliance.NOT_APPLICABLE
    left = missing(profile, presented, created_at)
    if not left:
        return Compliance.COMPLIANT
    return Compliance.PENDING if all(now < one.due for one in left) else Compliance.NON_COMPLIANT


def expires_at(issued_at: datetime, days: int) -> datetime:
    """The first instant at which a code may no longer be presented."""
    return issued_at + timedelta(days=days)


def standing(issued_at: datetime, expires: datetime, revoked_at: datetime | None, now: datetime) -> Standing:
    """What a code is worth at ``now``; a revocation counts from its own instant on."""
    if revoked_at is not None and revoked_at <= now:
        return Standing.REVOKED
    if now < issued_at:
        return Standing.NOT_YET
    return Standing.VALID if now < expires else Standing.EXPIRED
