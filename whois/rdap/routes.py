"""RDAP over HTTP (RFC 7480, RFC 9082): the addresses below ``/rdap/``.

Look-ups only. Searches (RFC 9082, section 3.2) are refused with 501, because this service has none that the public may use;
address blocks and autonomous systems belong to other registries.
"""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.log import get_logger
from registry.kernel.names import map_people, to_a
from registry.kernel.web.app import Context
from registry.published import bodies, contacts, domains, hosts, registrars
from registry.published.records import DomainRecord, Retired, Variant
from whois.rdap import objects
from whois.rdap.errors import error_object, refusal_object
from whois.rdap.members import MEDIA_TYPE, Asker, Json

FAULT_ID_BITS = 60  # twelve characters that can be read out by telephone
HEADERS = {
    "Access-Control-Allow-Origin": "*",  # RFC 7480, section 5.6
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}
PREFLIGHT = {"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Max-Age": "86400"}
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")  # RFC 3986, section 3.2.2
_CODE = re.compile(r"[0-9A-Z]{18}")
Answer = Callable[[Context, Asker, str], Awaitable[Json]]


def routes(context: Context) -> list[web.RouteDef]:
    """What the service that listens puts into its application."""
    lookups = (("domain", _domain), ("nameserver", _nameserver), ("entity", _entity))
    return [
        *(web.get(f"/rdap/{kind}/{{name:.+}}", partial(_handle, context, act)) for kind, act in lookups),
        web.get("/rdap/help", partial(_handle, context, _help)),
        web.options("/rdap/{rest:.*}", _preflight),
        web.route("*", "/rdap/{rest:.*}", partial(_handle, context, _other)),
    ]


async def _handle(context: Context, act: Answer, request: web.Request) -> web.Response:
    """Answer, or say no as an RDAP error; never raises."""
    if request.method not in ("GET", "HEAD"):
        lines = ("只接受 GET 与 HEAD", "only GET and HEAD are taken here")
        return _response(HTTPStatus.METHOD_NOT_ALLOWED, error_object(HTTPStatus.METHOD_NOT_ALLOWED, lines))
    asker = Asker(_uri(request, context.config.public_url), context.config.public_url, context.clock.now())
    try:
        return _response(HTTPStatus.OK, await act(context, asker, request.match_info.get("name", request.path)))
    except Refusal as refusal:
        return _response(*refusal_object(refusal))
    except Exception as error:  # noqa: BLE001  # the last door: what is not caught here would be no RDAP error
        fault_id = new_public_id(FAULT_ID_BITS)
        get_logger().error("fault", fault=fault_id, path=request.path, exc_info=error)
        lines = (f"系统出错，编号 {fault_id}", f"something of ours broke, number {fault_id}")
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return _response(status, error_object(status, lines))


async def _domain(context: Context, asker: Asker, text: str) -> Json:
    name = _mapped_name(text)
    found = await domains.find(context.db, name)
    match found:
        case DomainRecord():
            return objects.domain_object(found, asker)
        case Variant():
            raise _missing(*_variant_words(found), value=text)
        case Retired():
            zh = f"“{found.unicode}”曾是官方名称，现已停用，不会分配给其他人"
            raise _missing(zh, f"{found.unicode} was an official name once; nobody else gets it", value=text)
    raise _missing("没有这个域名", "no such domain is registered here", value=text)


async def _nameserver(context: Context, asker: Asker, text: str) -> Json:
    host = await hosts.find(context.db, _mapped_name(text))
    if host is None:
        raise _missing("没有这个域名服务器", "no such name server is registered here", value=text)
    return objects.host_object(host, asker)


async def _entity(context: Context, asker: Asker, handle: str) -> Json:
    if _CODE.fullmatch(handle.upper()):
        detail = await bodies.find(context.db, handle)
        if detail is not None:
            return objects.body_object(detail, asker)
    elif (registrar := await registrars.by_handle(context.db, handle)) is not None:
        return objects.registrar_object(registrar, asker)
    elif (contact := await contacts.by_roid(context.db, handle)) is not None:
        return objects.contact_object(contact, asker)
    raise _missing("没有这个实体", "no such entity is registered here", value=handle)


async def _help(_: Context, asker: Asker, __: str) -> Json:
    return objects.help_object(asker)


async def _other(_: Context, __: Asker, path: str) -> Json:
    """Searches, and whatever else the standard or a stranger may think of."""
    kind = path.removeprefix("/rdap/").partition("/")[0]
    if kind in ("domains", "nameservers", "entities", "ips", "autnums"):
        zh, en = "本服务不提供检索，请逐一查询", "this service offers no searches; please look objects up one by one"
        raise Refusal(Reason.COMMAND_UNSUPPORTED, zh, en, value=path)
    if kind in ("ip", "autnum"):
        zh, en = (
            "地址与自治系统号请向地区互联网注册机构查询",
            "ask a regional Internet registry for addresses and networks",
        )
        raise Refusal(Reason.OBJECT_UNSUPPORTED, zh, en, value=path)
    zh, en = "没有这种查询；用法见 /rdap/help", "there is no such query; see /rdap/help"
    raise Refusal(Reason.SYNTAX_INVALID, zh, en, value=path)


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=204, headers={**HEADERS, **PREFLIGHT})


def _mapped_name(text: str) -> str:
    """The name as an A-label name; ``SYNTAX_INVALID`` for what is no name of the DNS."""
    mapped = map_people(text).text
    try:
        return to_a(mapped)
    except ValueError as error:
        if not mapped.isascii() and len(mapped) <= _MAX_NAME:
            return mapped  # no valid label, yet perhaps another spelling of a registered one, which is told
        zh = "这不是合法的域名"
        raise Refusal(
            Reason.SYNTAX_INVALID, zh, "this is no name of the DNS", where="name", value=text[:100]
        ) from error


_MAX_NAME = 253  # RFC 1035, section 2.3.4


def _variant_words(found: Variant) -> tuple[str, str]:
    main = f"{found.of.unicode} ({found.of.name})"
    if found.disposition == "withheld":
        zh = f"这是 {main} 的异体写法，为其持有者保留，未开通"
        return zh, f"another spelling of {main}, withheld for its holder and not in use"
    return f"这是 {main} 的异体写法，已封锁，任何人不能注册", f"another spelling of {main}, blocked for everybody"


def _missing(zh: str, en: str, *, value: str) -> Refusal:
    return Refusal(Reason.NOT_FOUND, zh, en, where="name", value=value)


def _uri(request: web.Request, public_url: str) -> str:
    """The URI exactly as the client wrote it. Behind a proxy the scheme is that of our public address."""
    scheme, _, own = public_url.partition("://")
    host = request.headers.get("Host", "")
    target = request.raw_path if request.raw_path.startswith("/") else request.path_qs
    return f"{scheme}://{host if _HOST.fullmatch(host) else own}{target}"


def _response(status: HTTPStatus, body: Json) -> web.Response:
    headers = HEADERS if status is HTTPStatus.OK else {**HEADERS, "Cache-Control": "no-store"}
    return web.Response(body=msgspec.json.encode(body), status=status, content_type=MEDIA_TYPE, headers=headers)
