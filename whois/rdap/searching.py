"""Searches over RDAP (RFC 9082, section 3.2), for those who may: sorted and paged (RFC 8977), partial (RFC 8982), and from an entity to its names
(RFC 9536).

Who may: a registrar's program with the scope ``read`` searches what that registrar sponsors; a data centre of the establishment offices
with the scope ``establishment.read`` searches everything, and sees what the public sees. The public searches nothing here: the red pages
are for people, their open data for programs. A search never matches what its results would not show: an e-mail address is matched among a
registrar's own objects only.
"""

import base64
import binascii
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people
from registry.published import bodies, domains, hosts, registrars, searches
from registry.published.names import storable
from registry.published.searches import ORDERS, Page, Pattern, Results
from whois.rdap import objects
from whois.rdap.asking import Path
from whois.rdap.fieldsets import DEFAULT, SUBSETTING, field_set, members_of, metadata
from whois.rdap.members import MEDIA_TYPE, Asker, Json, answer, terms, with_parameter

SEARCHED = frozenset({"domains", "nameservers", "entities"})
PAGE_SIZE = 50
MAX_PATTERN = 253  # characters, as of a name
RESULTS = {
    "domains": "domainSearchResults",
    "nameservers": "nameserverSearchResults",
    "entities": "entitySearchResults",
}
PARAMETERS = {"domains": ("name", "nsLdhName", "nsIp"), "nameservers": ("name", "ip"), "entities": ("fn", "handle")}
REVERSE = "reverse_search"  # RFC 9536: the path segment, and the name of the extension
REVERSE_PROPERTIES = ("fn", "handle", "email", "role")
ROLES = ("registrant", "technical", "administrative", "billing", "registrar")
_JSON_PATH = {
    ("domains", "name"): "$.domainSearchResults[*].ldhName",
    ("nameservers", "name"): "$.nameserverSearchResults[*].ldhName",
    ("entities", "handle"): "$.entitySearchResults[*].handle",
    ("entities", "fn"): "$.entitySearchResults[*].vcardArray[1][?(@[0]=='fn')][3]",
}
_EVENTS = {"registrationDate": "registration", "expirationDate": "expiration", "lastChangedDate": "last changed"}
# RFC 9536, section 4: where in the answer the datum stands that is searched by.
REVERSE_MAPPING = {
    "fn": "$.entities[*].vcardArray[1][?(@[0]=='fn')][3]",
    "handle": "$.entities[*].handle",
    "email": "$.entities[*].vcardArray[1][?(@[0]=='email')][3]",
    "role": "$.entities[*].roles",
}


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who searches: ``owner`` is the registrar whose objects are searched, empty for all."""

    owner: str


async def search(db: Database, path: Path, asker: Asker) -> Json:
    """A page of results. Refuses with ``CREDENTIALS_WRONG`` (nobody said who asks), ``NOT_PERMITTED``, ``SYNTAX_INVALID``, ``VALUE_INVALID``."""
    who = _searcher(asker)
    chosen = field_set(path.parameters.get("fieldSet", DEFAULT))
    page = _page(path)
    if path.rest.startswith(f"{REVERSE}/"):
        results = await _reverse(db, path, who, page)
    elif path.rest:
        raise _unknown(path)
    else:
        results = await _plain(db, path, who, page)
    found = [members_of(one, chosen) for one in await _objects(db, path.kind, results, asker)]
    return _answer(path, asker, page, results, chosen, found)


def _searcher(asker: Asker) -> Searcher:
    bearer = asker.bearer
    if bearer is None:
        zh, en = (
            "检索须出示访问令牌；公众请使用网络红页",
            "searches need an access token; the public is served by the directory",
        )
        raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="Authorization")
    if bearer.registrar_id and "read" in bearer.scopes:
        return Searcher(bearer.registrar_id)
    if bearer.centre and "establishment.read" in bearer.scopes:
        return Searcher("")
    raise Refusal(
        Reason.NOT_PERMITTED, "令牌的范围不包括检索", "the scopes of the token do not allow searches", where="scope"
    )


async def _plain(db: Database, path: Path, who: Searcher, page: Page) -> Results:
    given = [name for name in PARAMETERS[path.kind] if name in path.parameters]
    if len(given) != 1:
        known = "、".join(PARAMETERS[path.kind])
        raise Refusal(
            Reason.SYNTAX_INVALID,
            f"请给出 {known} 之一",
            f"give exactly one of: {', '.join(PARAMETERS[path.kind])}",
            where="query",
        )
    name, value = given[0], path.parameters[given[0]]
    if path.kind == "domains":
        condition = {"name": "name", "nsLdhName": "server", "nsIp": "address"}[name]
        return await searches.domains(db, who.owner, ((condition, _value(condition, value)),), page)
    if path.kind == "nameservers":
        condition = {"name": "name", "ip": "address"}[name]
        return await searches.hosts(db, who.owner, (condition, _value(condition, value)), page)
    return await searches.entities(db, (name, _value(name, value)), page)


async def _reverse(db: Database, path: Path, who: Searcher, page: Page) -> Results:
    """Names by an entity that stands behind them; ``role`` narrows what the entity must be."""
    if path.kind != "domains" or path.rest != f"{REVERSE}/entity":
        raise _unknown(path)
    role = path.parameters.get("role", "")
    if role and role not in ROLES:
        raise Refusal(
            Reason.VALUE_INVALID, f"没有角色 {role[:40]}", f"no such role; there are: {', '.join(ROLES)}", where="role"
        )
    given = [name for name in ("fn", "handle", "email") if name in path.parameters]
    if len(given) != 1:
        raise Refusal(
            Reason.SYNTAX_INVALID,
            "请给出 fn、handle、email 之一",
            "give exactly one of: fn, handle, email",
            where="query",
        )
    name, value = given[0], path.parameters[given[0]]
    if name == "email" and not who.owner:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "电子邮件只能在自己的对象中检索",
            "an e-mail address is searched among one's own objects only",
            where="email",
        )
    conditions = tuple((one, _value(one, value)) for one in _conditions(name, role))
    return await searches.domains(db, who.owner, conditions, page)


def _conditions(name: str, role: str) -> list[str]:
    if name == "email":
        return ["email"]
    if name == "fn":
        return [f"{one}_fn" for one in ("registrant", "registrar") if role in ("", one)] or ["registrant_fn"]
    if role == "registrar":
        return ["registrar_handle"]
    if role == "registrant":
        return ["registrant_handle"]
    return ["contact_handle"] if role else ["registrant_handle", "contact_handle", "registrar_handle"]


def _value(condition: str, text: str) -> str:
    """The value of a condition: an address, a handle, or a pattern with at most one asterisk at the end of a label (RFC 9082, section 4.1)."""
    if condition == "address":
        try:
            return str(ip_address(text))
        except ValueError as error:
            raise Refusal(
                Reason.VALUE_INVALID, "不是 IP 地址", "this is no IP address", where="query", value=text[:60]
            ) from error
    if condition.endswith("_handle"):
        return storable(text[:MAX_PATTERN])
    return _pattern(text).like


def _pattern(text: str) -> Pattern:
    mapped = storable(
        map_people(text[:MAX_PATTERN]).text.lower() if text.isascii() else map_people(text[:MAX_PATTERN]).text
    )
    before, star, after = mapped.partition("*")
    if "*" in after or (star and not before) or (star and after and not after.startswith(".")):
        zh = "通配符 * 只能出现一次，位于一段文字的末尾，且之前至少有一个字符"
        raise Refusal(
            Reason.SYNTAX_INVALID,
            zh,
            "one asterisk, at the end of a label, after at least one character",
            where="query",
            value=text[:60],
        )
    if not mapped:
        raise Refusal(Reason.SYNTAX_INVALID, "检索内容为空", "the pattern is empty", where="query")
    return Pattern(before, after, exact=not star)


def _page(path: Path) -> Page:
    order = []
    for one in filter(None, path.parameters.get("sort", "").split(",")):
        name, _, way = one.partition(":")
        if name not in ORDERS[path.kind] or way not in ("", "a", "d"):
            known = ", ".join(ORDERS[path.kind])
            raise Refusal(
                Reason.VALUE_INVALID,
                f"不能按 {one[:40]} 排序；可用：{known}",
                f"cannot sort by that; there are: {known}",
                where="sort",
            )
        order.append((name, way == "d"))
    return Page(
        tuple(order),
        _offset(path.parameters.get("cursor", "")),
        PAGE_SIZE,
        path.parameters.get("count", "").lower() in ("true", "1", "yes"),
    )


def _offset(cursor: str) -> int:
    """Cursors are ours to read (RFC 8977, section 2.4); a made-up one is a bad request."""
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("=")
        offset = int(number)
    except (ValueError, binascii.Error, UnicodeDecodeError):
        offset, word = -1, ""
    if word != "offset" or not 0 <= offset <= searches.MOST:
        raise Refusal(Reason.VALUE_INVALID, "游标无效", "the cursor is not one of ours", where="cursor")
    return offset


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset={offset}".encode()).decode().rstrip("=")


async def _objects(db: Database, kind: str, results: Results, asker: Asker) -> list[Json]:
    """The results as objects without what surrounds an answer."""
    if kind == "domains":
        return [_core(objects.domain_object(one, asker)) for one in await domains.some(db, results.keys)]
    if kind == "nameservers":
        return [_core(objects.host_object(one, asker)) for one in await hosts.some(db, results.keys)]
    found = []
    for handle in results.keys:
        if (registrar := await registrars.by_handle(db, handle)) is not None:
            found.append(_core(objects.registrar_object(registrar, asker)))
        elif (detail := await bodies.find_known(db, handle)) is not None:
            found.append(_core(objects.body_object(detail, asker)))
    return found


def _core(body: Json) -> Json:
    return {key: value for key, value in body.items() if key not in ("rdapConformance", "notices")}


def _answer(path: Path, asker: Asker, page: Page, results: Results, chosen: str, found: list[Json]) -> Json:
    body: Json = {
        RESULTS[path.kind]: found,
        **_sorting(path, asker, page),
        **_paging(asker, page, results, len(found)),
        **metadata(chosen, asker),
    }
    extensions = ["sorting", "paging", SUBSETTING]
    if path.rest:
        extensions.append(REVERSE)
        used = [name for name in REVERSE_PROPERTIES if name in path.parameters]
        body["reverse_search_properties_mapping"] = [
            {"property": name, "propertyPath": REVERSE_MAPPING[name]} for name in used
        ]
    whole = answer(asker, body, [terms(asker)])
    if any("redacted" in one for one in found):
        extensions.append("redacted")
    whole["rdapConformance"] = [*whole["rdapConformance"], *extensions]
    return whole


def _sorting(path: Path, asker: Asker, page: Page) -> Json:
    """RFC 8977, section 2.3.1."""
    current = ",".join(f"{name}:{'d' if down else 'a'}" for name, down in page.order)
    available = [
        {
            "property": name,
            "jsonPath": _JSON_PATH.get((path.kind, name)) or _event_path(path.kind, name),
            "default": False,
            "links": [_moved(asker, {"sort": name}, "alternate", "Result Ascending Sort Link")],
        }
        for name in ORDERS[path.kind]
    ]
    return {"sorting_metadata": {**({"currentSort": current} if current else {}), "availableSorts": available}}


def _event_path(kind: str, name: str) -> str:
    return f"$.{RESULTS[kind]}[*].events[?(@.eventAction=='{_EVENTS[name]}')].eventDate"


def _paging(asker: Asker, page: Page, results: Results, size: int) -> Json:
    """RFC 8977, section 2.3.2."""
    body: dict[str, Any] = {"pageSize": size, "pageNumber": page.offset // page.size + 1}
    if results.total is not None:
        body["totalCount"] = results.total
    if results.has_more and page.offset + page.size <= searches.MOST:
        body["links"] = [_moved(asker, {"cursor": _cursor(page.offset + page.size)}, "next", "Result Pagination Link")]
    return {"paging_metadata": body}


def _moved(asker: Asker, changed: dict[str, str], rel: str, title: str) -> Json:
    href = asker.uri
    for name, value in changed.items():
        href = with_parameter(href, name, value)
    return {"value": asker.uri, "rel": rel, "href": href, "title": title, "type": MEDIA_TYPE}


def _unknown(path: Path) -> Refusal:
    return Refusal(
        Reason.SYNTAX_INVALID,
        "没有这种检索；用法见 /rdap/help",
        "there is no such search; see /rdap/help",
        value=path.text[:100],
    )
