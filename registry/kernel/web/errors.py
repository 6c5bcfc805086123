"""The last door before a visitor sees an error: a refusal becomes a page that says what to do, a fault becomes
only its id.

A refusal is answered in the visitor's own way: a page in Chinese and English, or an RFC 9457 problem when the
request asks for JSON or goes to ``/api/``. Whatever is no refusal is logged with an id; the visitor gets the id
and nothing else.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.ids import new_public_id
from registry.kernel.log import get_logger
from registry.kernel.web.pages import page

PROBLEM_TYPE = "application/problem+json"  # RFC 9457, section 3
FAULT_ID_BITS = 60  # twelve characters that can be read out by telephone

STATUS: Mapping[Reason, HTTPStatus] = {
    Reason.COMMAND_UNKNOWN: HTTPStatus.NOT_FOUND,
    Reason.SYNTAX_INVALID: HTTPStatus.BAD_REQUEST,
    Reason.COMMAND_OUT_OF_ORDER: HTTPStatus.CONFLICT,
    Reason.PARAMETER_MISSING: HTTPStatus.BAD_REQUEST,
    Reason.VALUE_OUT_OF_RANGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.VALUE_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
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
    Reason.NAME_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NAME_REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.VERIFICATION_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.VERIFICATION_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.POLICY_FORBIDS: HTTPStatus.FORBIDDEN,
    Reason.DATA_POLICY: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}

# What aiohttp itself says no to, in our words.
HTTP_TEXTS: Mapping[int, tuple[Reason, Text]] = {
    404: (
        Reason.NOT_FOUND,
        Text("没有这个页面，可能是地址抄错了一处", "There is no such page; perhaps the address was mistyped"),
    ),
    405: (Reason.COMMAND_UNSUPPORTED, Text("这个地址不接受这种请求方法", "This address does not accept that method")),
    413: (Reason.TOO_LARGE, Text("提交的内容太大", "What was sent is too large")),
    400: (Reason.SYNTAX_INVALID, Text("请求的格式不对", "The request is malformed")),
    403: (Reason.NOT_PERMITTED, Text("没有权限查看", "You may not see this")),
}

HEADLINES: Mapping[int, Text] = {
    400: Text("请求有误", "Bad request"),
    401: Text("请先登录", "Please sign in"),
    403: Text("没有权限", "Not permitted"),
    404: Text("没有找到", "Not found"),
    405: Text("方法不对", "Method not allowed"),
    409: Text("与现有状态冲突", "In conflict with the present state"),
    413: Text("内容过大", "Too large"),
    422: Text("内容有误", "Something is not right"),
    429: Text("请求过于频繁", "Too many requests"),
    500: Text("系统出错", "Something broke"),
    501: Text("不支持", "Not supported"),
    503: Text("暂时不可用", "Not available for a moment"),
}

FAULT = Text(
    "系统出了差错，已经记录在案。请稍后再试；若仍不行，请报上面的编号",
    "Something of ours broke and has been recorded. Please try again later, or quote the number above",
)


@web.middleware
async def friendly_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer refusals, unknown addresses and faults so that people and programs understand."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _answer(request, STATUS[refusal.reason], refusal)
    except web.HTTPError as error:
        return _http_error(request, error)
    except web.HTTPException:
        raise
    except ConnectionError:
        raise  # the visitor went away; there is nobody to answer
    except Exception as error:  # noqa: BLE001  # the last door: what is not caught here would be a traceback outside
        return _fault(request, error)


def _http_error(request: web.Request, error: web.HTTPError) -> web.Response:
    reason, text = HTTP_TEXTS.get(
        error.status, (Reason.UNAVAILABLE if error.status >= 500 else Reason.SYNTAX_INVALID, FAULT)
    )
    answer = _answer(request, HTTPStatus(error.status), Refusal(reason, text.zh, text.en))
    for name in ("Allow", "Retry-After"):
        if name in error.headers:
            answer.headers[name] = error.headers[name]
    return answer


def _fault(request: web.Request, error: Exception) -> web.Response:
    fault_id = new_public_id(FAULT_ID_BITS)
    get_logger().error("fault", fault=fault_id, method=request.method, path=request.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if wants_json(request):
        return problem(status, {"reason": "fault", "fault_id": fault_id, "message": {"zh": FAULT.zh, "en": FAULT.en}})
    return page(
        request, "error.html", status=status, headline=HEADLINES[status], text=FAULT, fault_id=fault_id, refusal=None
    )


def _answer(request: web.Request, status: HTTPStatus, refusal: Refusal) -> web.Response:
    answer = problem(status, _fields(refusal)) if wants_json(request) else _page(request, status, refusal)
    answer.headers["Cache-Control"] = "no-store"
    if status is HTTPStatus.TOO_MANY_REQUESTS and "retry_after" in refusal.evidence:
        answer.headers["Retry-After"] = str(refusal.evidence["retry_after"])
    return answer


def _page(request: web.Request, status: HTTPStatus, refusal: Refusal) -> web.Response:
    headline = HEADLINES.get(status, HEADLINES[400])
    return page(
        request, "error.html", status=status, headline=headline, text=refusal.text, refusal=refusal, fault_id=""
    )


def _fields(refusal: Refusal) -> dict[str, Any]:
    found: dict[str, Any] = {"reason": refusal.reason.value, "message": {"zh": refusal.text.zh, "en": refusal.text.en}}
    if refusal.where:
        found |= {"where": refusal.where, "value": refusal.value}
    if refusal.problems:
        found["problems"] = [
            {
                "reason": p.reason.value,
                "message": {"zh": p.text.zh, "en": p.text.en},
                "where": p.where,
                "value": p.value,
            }
            for p in refusal.problems
        ]
    return found


def problem(status: HTTPStatus, fields: Mapping[str, Any]) -> web.Response:
    """An RFC 9457 problem with our members beside the standard ones."""
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), **fields}
    return web.Response(body=msgspec.json.encode(body), status=status, content_type=PROBLEM_TYPE)


def wants_json(request: web.Request) -> bool:
    """Whether a program asks: the address is below ``/api/``, or JSON is accepted and HTML is not."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)
