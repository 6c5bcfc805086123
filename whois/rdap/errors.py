"""Refusals as RDAP error objects (RFC 7480, section 5; RFC 9083, section 6): one table from ``Reason`` to status."""

from collections.abc import Mapping
from http import HTTPStatus

from registry.kernel.errors import Reason, Refusal
from whois.rdap.members import CONFORMANCE, Json

STATUS: Mapping[Reason, HTTPStatus] = {
    Reason.COMMAND_UNKNOWN: HTTPStatus.NOT_FOUND,
    Reason.SYNTAX_INVALID: HTTPStatus.BAD_REQUEST,
    Reason.COMMAND_OUT_OF_ORDER: HTTPStatus.BAD_REQUEST,
    Reason.PARAMETER_MISSING: HTTPStatus.BAD_REQUEST,
    Reason.VALUE_OUT_OF_RANGE: HTTPStatus.BAD_REQUEST,
    Reason.VALUE_INVALID: HTTPStatus.BAD_REQUEST,
    Reason.VERSION_UNSUPPORTED: HTTPStatus.BAD_REQUEST,
    Reason.COMMAND_UNSUPPORTED: HTTPStatus.NOT_IMPLEMENTED,
    Reason.OPTION_UNSUPPORTED: HTTPStatus.NOT_IMPLEMENTED,
    Reason.EXTENSION_UNSUPPORTED: HTTPStatus.NOT_IMPLEMENTED,
    Reason.OBJECT_UNSUPPORTED: HTTPStatus.NOT_IMPLEMENTED,
    Reason.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.CREDENTIALS_WRONG: HTTPStatus.UNAUTHORIZED,
    Reason.SESSION_REFUSED: HTTPStatus.UNAUTHORIZED,
    Reason.SESSION_LIMIT: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Reason.NOT_PERMITTED: HTTPStatus.FORBIDDEN,
    Reason.AUTHINFO_WRONG: HTTPStatus.FORBIDDEN,
    Reason.ALREADY_EXISTS: HTTPStatus.CONFLICT,
    Reason.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Reason.STATUS_FORBIDS: HTTPStatus.CONFLICT,
    Reason.LINKED: HTTPStatus.CONFLICT,
    Reason.NOT_RENEWABLE: HTTPStatus.CONFLICT,
    Reason.NOT_TRANSFERABLE: HTTPStatus.CONFLICT,
    Reason.TRANSFER_PENDING: HTTPStatus.CONFLICT,
    Reason.TRANSFER_NOT_PENDING: HTTPStatus.CONFLICT,
    Reason.NAME_INVALID: HTTPStatus.BAD_REQUEST,
    Reason.NAME_REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.VERIFICATION_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.VERIFICATION_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.POLICY_FORBIDS: HTTPStatus.FORBIDDEN,
    Reason.DATA_POLICY: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
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
