"""The one vocabulary in which 正名 says no (design, law 5).

Below the doors there is only :class:`Refusal`: a :class:`Reason`, a sentence in Chinese and in English that
tells the caller what is wrong and what to do, and evidence. Each door owns one table from ``Reason`` to its own
language (``registry/epp/results.py``, ``registry/rest/problems.py``, ``whois/rdap/errors.py``), and a house test
proves every table complete. Whatever is not a ``Refusal`` is a fault of ours: it is logged with an id, and only the
id goes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why something was refused. The value is stable: it appears in logs, metrics and REST answers."""

    # the request itself
    COMMAND_UNKNOWN = "command_unknown"
    SYNTAX_INVALID = "syntax_invalid"
    COMMAND_OUT_OF_ORDER = "command_out_of_order"
    PARAMETER_MISSING = "parameter_missing"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    VALUE_INVALID = "value_invalid"
    VERSION_UNSUPPORTED = "version_unsupported"
    COMMAND_UNSUPPORTED = "command_unsupported"
    OPTION_UNSUPPORTED = "option_unsupported"
    EXTENSION_UNSUPPORTED = "extension_unsupported"
    OBJECT_UNSUPPORTED = "object_unsupported"
    TOO_LARGE = "too_large"
    # the caller
    CREDENTIALS_WRONG = "credentials_wrong"
    SESSION_REFUSED = "session_refused"
    SESSION_LIMIT = "session_limit"
    RATE_LIMITED = "rate_limited"
    NOT_PERMITTED = "not_permitted"
    AUTHINFO_WRONG = "authinfo_wrong"
    # the object
    ALREADY_EXISTS = "already_exists"
    NOT_FOUND = "not_found"
    STATUS_FORBIDS = "status_forbids"
    LINKED = "linked"
    NOT_RENEWABLE = "not_renewable"
    NOT_TRANSFERABLE = "not_transferable"
    TRANSFER_PENDING = "transfer_pending"
    TRANSFER_NOT_PENDING = "transfer_not_pending"
    # the policy
    NAME_INVALID = "name_invalid"
    NAME_REFUSED = "name_refused"
    VERIFICATION_MISSING = "verification_missing"
    VERIFICATION_INVALID = "verification_invalid"
    POLICY_FORBIDS = "policy_forbids"
    DATA_POLICY = "data_policy"
    # us
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in the two languages of the product."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``value`` is what the caller sent, ``where`` the field or element that held it."""

    reason: Reason
    text: Text
    where: str = ""
    value: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)


class Refusal(Exception):
    """A refusal that the caller may read. Never carries a secret.

    ``Refusal(Reason.NOT_FOUND, "没有这个域名", "no such domain", where="name", value="…")``; ``problems`` holds further
    findings when more than one thing is wrong (all are told, not only the first).
    """

    def __init__(
        self,
        reason: Reason,
        zh: str,
        en: str,
        *,
        where: str = "",
        value: str = "",
        evidence: Mapping[str, object] | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        super().__init__(f"{reason}: {en}")
        self.reason = reason
        self.text = Text(zh, en)
        self.where = where
        self.value = value
        self.evidence = dict(evidence or {})
        self.problems = problems


class Fault(Exception):
    """Something of ours is broken in a way that an operator must see; the message is for the log only."""
