"""Refusals as RDAP error objects (RFC 7480, section 5; RFC 9083, section 6): one table from ``Reason`` to status."""

from collections.abc import Mapping
from http import HTTPStatus

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web import errors
from whois.rdap.members import CONFORMANCE, Json

# As everywhere under HTTP, but that whatever is wrong with a query is a bad request here (RFC 7480 section 5.4).
STATUS: Mapping[Reason, HTTPStatus] = {
    **errors.STATUS,
    Reason.COMMAND_OUT_OF_ORDER: HTTPStatus.BAD_REQUEST,
    Reason.VALUE_OUT_OF_RANGE: HTTPStatus.BAD_REQUEST,
    Reason.VALUE_INVALID: HTTPStatus.BAD_REQUEST,
    Reason.NAME_INVALID: HTTPStatus.BAD_REQUEST,
}


def error_object(status: HTTPStatus, lines: tuple[str, ...]) -> Json:
    """The error of that status, with what is wrong in ``description``."""
    return {
        "rdapConformance": list(CONFORMANCE),
        "errorCode": int(status),
        "title": status.phrase,
        "description": list(lines),
    }


def refusal_object(refusal: Refusal) -> tuple[HTTPStatus, Json]:
    """A refusal in Chinese and English."""
    status = STATUS[refusal.reason]
    return status, error_object(status, (refusal.text.zh, refusal.text.en))
