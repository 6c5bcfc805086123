"""``/api/openapi.json``: OpenAPI 3.1, built from the list of routes and the types that they take."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from registry.kernel.errors import Text
from registry.rest.auth import SCOPES
from registry.rest.problems import MEDIA_TYPE, table
from registry.rest.routes import FORM, Asks, Route

VERSION = "1.0"
ALWAYS: Mapping[int, Text] = {
    400: Text("请求的格式不对", "the request is malformed"),
    429: Text("请求过于频繁", "too many requests"),
    503: Text("暂时不可用", "unavailable for a moment"),
}
WITH_TOKEN: Mapping[int, Text] = {
    401: Text("令牌无效", "no valid token"),
    403: Text("令牌的范围不够", "the scope of the token does not suffice"),
}
LINES = {"type": "string", "description": "每行一个对象 / one object a line"}
SCOPE_TEXTS: Mapping[str, Text] = {
    "verify": Text("签发和查看验证码", "issue and look at verification codes"),
    "register": Text("注册和修改域名", "register and change domains"),
    "read": Text("查看域名", "look at domains"),
    "account": Text(
        "维护本机构的账户：密钥、口令、推送地址", "look after the registrar's account: keys, passwords, webhook"
    ),
    "establishment.push": Text("报送本数据中心的机构", "push the bodies of one's own data centre"),
    "establishment.read": Text("查找和查看机构", "search and read bodies"),
}


def document(routes: Sequence[Route], base_url: str) -> dict[str, Any]:
    """The whole document."""
    kinds = [route.takes for route in routes if route.takes]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "正名 Zhengming", "version": VERSION, "description": ".政务 and .公益: the machines' door"},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _problem_schema()},
            "securitySchemes": {"token": _security(base_url)},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": str(route.summary),
        "operationId": _operation_id(route),
        "parameters": [_path_parameter(name) for name in re.findall(r"{(\w+)}", route.path)],
        "responses": {str(status): _response(status, text) for status, text in sorted(_answers(route).items())},
        "security": [{"token": [route.scope]}] if route.scope else [],
    }
    operation["parameters"] += [_query_parameter(asks) for asks in route.query]
    if route.is_idempotent:
        operation["parameters"].append(_idempotency_parameter())
    if route.takes:
        schema = {"$ref": f"#/components/schemas/{route.takes.__name__}"}
        content = {media: {"schema": schema if media == "application/json" else LINES} for media in route.media}
        operation["requestBody"] = {"required": True, "content": content}
    if route.form:
        operation["requestBody"] = {"required": True, "content": {FORM: {"schema": _form_schema(route.form)}}}
    return operation


def _operation_id(route: Route) -> str:
    words = re.sub(r"[^a-z]+", "_", route.path.removeprefix("/api/v1/")).strip("_")
    return f"{route.method.lower()}_{words}"


def _answers(route: Route) -> dict[int, Text]:
    return {**ALWAYS, **(WITH_TOKEN if route.scope else {}), **route.answers}


def _response(status: int, text: Text) -> dict[str, Any]:
    media = "application/json" if status < 400 else MEDIA_TYPE
    schema: dict[str, Any] = {"type": "object"} if status < 400 else {"$ref": "#/components/schemas/Problem"}
    return {"description": str(text), "content": {media: {"schema": schema}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameter(asks: Asks) -> dict[str, Any]:
    return {
        "name": asks.name,
        "in": "query",
        "required": asks.required,
        "description": str(asks.text),
        "schema": dict(asks.schema),
    }


def _idempotency_parameter() -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "同一个键的同一个请求只执行一次 / the same request under the same key is carried out once",
        "schema": {"type": "string", "maxLength": 128},
    }


def _form_schema(names: tuple[str, ...]) -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in names}
    properties["grant_type"] = {"type": "string", "enum": ["client_credentials"]}  # type: ignore[dict-item]  # JSON
    return {"type": "object", "properties": properties, "required": ["grant_type"]}


def _problem_schema() -> dict[str, Any]:
    text = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "reason": {"type": "string", "enum": [row["reason"] for row in table()]},
            "message": text,
            "where": {"type": "string"},
            "value": {"type": "string"},
            "evidence": {"type": "object"},
            "problems": {"type": "array", "items": {"type": "object"}},
            "findings": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["type", "title", "status"],
    }


def _security(base_url: str) -> dict[str, Any]:
    scopes = {scope: str(SCOPE_TEXTS[scope]) for scope in SCOPES}
    flow = {"tokenUrl": f"{base_url}/api/v1/token", "scopes": scopes}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}
