"""Refusals as HTTP problems (RFC 9457): one table, complete (a house test proves it).

A problem carries the members of RFC 9457 section 3.1 and, as extension members, ``reason`` (the stable word),
``message`` in both languages, ``where`` and ``value`` (what the caller sent), ``evidence``, and ``problems`` when
more than one thing is wrong. ``title`` and ``detail`` follow Accept-Language: Chinese unless English is asked for.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

import msgspec
from aiohttp import web

from registry.kernel.errors import Problem, Reason, Refusal, Text

MEDIA_TYPE = "application/problem+json"
PATH = "/api/problems"  # where the table can be read; a problem's type is a fragment of it
MAX_ECHO = 200  # characters of the caller's own value that are sent back


class Meaning(NamedTuple):
    """How HTTP tells a reason."""

    status: HTTPStatus
    title: Text


PROBLEMS: Mapping[Reason, Meaning] = {
    Reason.COMMAND_UNKNOWN: Meaning(HTTPStatus.NOT_FOUND, Text("没有这个地址", "No such address")),
    Reason.SYNTAX_INVALID: Meaning(HTTPStatus.BAD_REQUEST, Text("请求的格式不对", "The request is malformed")),
    Reason.COMMAND_OUT_OF_ORDER: Meaning(HTTPStatus.CONFLICT, Text("现在不能这样做", "Not possible at this point")),
    Reason.PARAMETER_MISSING: Meaning(HTTPStatus.BAD_REQUEST, Text("缺少必需的内容", "Something required is missing")),
    Reason.VALUE_OUT_OF_RANGE: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("数值超出范围", "A value is out of range")
    ),
    Reason.VALUE_INVALID: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, Text("内容不合规定", "A value is not valid")),
    Reason.VERSION_UNSUPPORTED: Meaning(
        HTTPStatus.BAD_REQUEST, Text("不支持这个版本", "This version is not supported")
    ),
    Reason.COMMAND_UNSUPPORTED: Meaning(
        HTTPStatus.METHOD_NOT_ALLOWED, Text("不支持这个操作", "This operation is not offered")
    ),
    Reason.OPTION_UNSUPPORTED: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("不支持这个选项", "This option is not offered")
    ),
    Reason.EXTENSION_UNSUPPORTED: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("不支持这个扩展", "This extension is not offered")
    ),
    Reason.OBJECT_UNSUPPORTED: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("不支持这类对象", "Objects of this kind are not offered")
    ),
    Reason.TOO_LARGE: Meaning(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Text("请求过大", "The request is too large")),
    Reason.CREDENTIALS_WRONG: Meaning(HTTPStatus.UNAUTHORIZED, Text("身份验证未通过", "Authentication failed")),
    Reason.SESSION_REFUSED: Meaning(HTTPStatus.FORBIDDEN, Text("会话被拒绝", "The session was refused")),
    Reason.SESSION_LIMIT: Meaning(HTTPStatus.TOO_MANY_REQUESTS, Text("会话过多", "Too many sessions")),
    Reason.RATE_LIMITED: Meaning(HTTPStatus.TOO_MANY_REQUESTS, Text("请求过于频繁", "Too many requests")),
    Reason.NOT_PERMITTED: Meaning(HTTPStatus.FORBIDDEN, Text("没有权限", "Not permitted")),
    Reason.AUTHINFO_WRONG: Meaning(
        HTTPStatus.FORBIDDEN, Text("授权信息不对", "The authorization information is wrong")
    ),
    Reason.ALREADY_EXISTS: Meaning(HTTPStatus.CONFLICT, Text("已经存在", "It exists already")),
    Reason.NOT_FOUND: Meaning(HTTPStatus.NOT_FOUND, Text("没有找到", "Not found")),
    Reason.STATUS_FORBIDS: Meaning(HTTPStatus.CONFLICT, Text("当前状态不允许", "The present status forbids it")),
    Reason.LINKED: Meaning(HTTPStatus.CONFLICT, Text("仍被使用", "It is still in use")),
    Reason.NOT_RENEWABLE: Meaning(HTTPStatus.CONFLICT, Text("不能续期", "It cannot be renewed")),
    Reason.NOT_TRANSFERABLE: Meaning(HTTPStatus.CONFLICT, Text("不能转移", "It cannot be transferred")),
    Reason.TRANSFER_PENDING: Meaning(HTTPStatus.CONFLICT, Text("正在转移", "A transfer is pending")),
    Reason.TRANSFER_NOT_PENDING: Meaning(HTTPStatus.CONFLICT, Text("没有待决的转移", "No transfer is pending")),
    Reason.NAME_INVALID: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, Text("名称不合规范", "The name is not valid")),
    Reason.NAME_REFUSED: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, Text("名称未通过审核", "The name was refused")),
    Reason.VERIFICATION_MISSING: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("缺少验证码", "A verification code is missing")
    ),
    Reason.VERIFICATION_INVALID: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("验证码无效", "The verification code is not valid")
    ),
    Reason.POLICY_FORBIDS: Meaning(HTTPStatus.UNPROCESSABLE_ENTITY, Text("政策不允许", "The policy forbids it")),
    Reason.DATA_POLICY: Meaning(
        HTTPStatus.UNPROCESSABLE_ENTITY, Text("不符合数据政策", "It conflicts with the data policy")
    ),
    Reason.UNAVAILABLE: Meaning(HTTPStatus.SERVICE_UNAVAILABLE, Text("暂时不可用", "Unavailable for a moment")),
}


def problem_body(refusal: Refusal, base_url: str, *, english: bool = False) -> dict[str, object]:
    """The members of the problem document."""
    meaning = PROBLEMS[refusal.reason]
    body: dict[str, object] = {
        "type": f"{base_url}{PATH}#{refusal.reason}",
        "title": _in(meaning.title, english),
        "status": int(meaning.status),
        "detail": _in(refusal.text, english),
        "reason": str(refusal.reason),
        **_told(refusal.text, refusal.where, refusal.value, refusal.evidence),
    }
    if refusal.problems:
        body["problems"] = [problem_member(problem) for problem in refusal.problems]
    return body


def problem_response(
    refusal: Refusal, base_url: str, *, english: bool = False, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The response that tells a refusal; never cached."""
    body = problem_body(refusal, base_url, english=english)
    if "retry_after" in refusal.evidence:
        headers = {"Retry-After": str(refusal.evidence["retry_after"]), **(headers or {})}
    return _response(int(PROBLEMS[refusal.reason].status), body, headers)


def table() -> list[dict[str, object]]:
    """The table for readers: what each reason means over HTTP."""
    return [
        {
            "reason": str(reason),
            "status": int(meaning.status),
            "title": {"zh": meaning.title.zh, "en": meaning.title.en},
        }
        for reason, meaning in PROBLEMS.items()
    ]


def wants_english(request: web.BaseRequest) -> bool:
    """Whether Accept-Language puts English before Chinese (a plain reading: whichever is named first)."""
    header = request.headers.get("Accept-Language", "").lower()
    first = (
        min((header.find(tag), tag) for tag in ("en", "zh") if tag in header)[1]
        if "en" in header or "zh" in header
        else "zh"
    )
    return first == "en"


def _response(status: int, body: Mapping[str, object], headers: Mapping[str, str] | None) -> web.Response:
    return web.Response(
        status=status,
        body=msgspec.json.encode(body, enc_hook=str),
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def problem_member(problem: Problem) -> dict[str, object]:
    """One of several problems: ``reason``, ``message``, and ``where``, ``value``, ``evidence`` unless empty."""
    return {"reason": str(problem.reason), **_told(problem.text, problem.where, problem.value, problem.evidence)}


def _told(text: Text, where: str, value: str, evidence: Mapping[str, object]) -> dict[str, object]:
    told: dict[str, object] = {"message": {"zh": text.zh, "en": text.en}}
    if where:
        told["where"] = where
    if value:
        told["value"] = value[:MAX_ECHO]
    if evidence:
        told["evidence"] = dict(evidence)
    return told


def _in(text: Text, english: bool) -> str:
    return text.en if english else text.zh
