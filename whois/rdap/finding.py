"""What a path of RDAP asks for, found in the register (RFC 9082)."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a
from registry.published import bodies, contacts, domains, hosts, registrars
from registry.published.records import DomainRecord, Retired, Variant
from whois.cache import depends
from whois.cache.depends import Keys
from whois.cache.lifetime import changes_at, last_change
from whois.rdap import objects
from whois.rdap.asking import Path
from whois.rdap.fieldsets import reduced
from whois.rdap.members import Asker, Json
from whois.rdap.searching import SEARCHED, search

_CODE = re.compile(r"[0-9A-Z]{18}")
_MAX_NAME = 253  # RFC 1035, section 2.3.4


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found: an object, or the refusal that says that there is none. ``volatile`` results are not kept in memory."""

    body: Json | None
    depends: Keys = frozenset()
    expires: datetime | None = None
    changed: datetime | None = None
    refusal: Refusal | None = None
    volatile: bool = field(default=False)


Find = Callable[[Database, str, Asker], Awaitable[Sought]]


async def find(db: Database, path: Path, asker: Asker) -> Sought:
    """The object, or nothing. Refuses with ``SYNTAX_INVALID``, ``VALUE_INVALID``, ``COMMAND_UNSUPPORTED``, ``OBJECT_UNSUPPORTED``,
    and for searches with ``CREDENTIALS_WRONG`` and ``NOT_PERMITTED``.
    """
    if path.kind in SEARCHED:
        return Sought(await search(db, path, asker), volatile=True)
    if path.kind in FINDERS and path.rest:
        found = await FINDERS[path.kind](db, path.rest, asker)
        if found.body is None or "fieldSet" not in path.parameters:
            return found
        body = reduced(found.body, path.parameters["fieldSet"], asker)
        return Sought(body, found.depends, found.expires, found.changed)
    if path.text == "help":
        return Sought(objects.help_object(asker))
    raise _not_answered(path)


async def _domain(db: Database, text: str, asker: Asker) -> Sought:
    name = _mapped_name(text)
    found = await domains.find(db, name)
    match found:
        case DomainRecord():
            keys = depends.of_domain(found)
            return Sought(
                objects.domain_object(found, asker), keys, changes_at(found, asker.now), last_change(found, asker.now)
            )
        case Variant():
            missing = _missing(*_variant_words(found), value=text)
            return Sought(None, depends.of_domain(found.of), refusal=missing)
        case Retired():
            zh = f"“{found.unicode}”曾是官方名称，现已停用，不会分配给其他人"
            missing = _missing(zh, f"{found.unicode} was an official name once; nobody else gets it", value=text)
        case _:
            missing = _missing("没有这个域名", "no such domain is registered here", value=text)
    return Sought(None, depends.of_missing_name(name), refusal=missing)


async def _nameserver(db: Database, text: str, asker: Asker) -> Sought:
    name = _mapped_name(text)
    host = await hosts.find(db, name)
    if host is None:
        missing = _missing("没有这个域名服务器", "no such name server is registered here", value=text)
        return Sought(None, depends.of_missing("nameserver", name), refusal=missing)
    changed = host.updated_at or host.created_at
    lock = host.host.lock
    if lock:
        changed = max(changed, lock.since, *(one for one in (lock.open_until,) if one and one <= asker.now))
    return Sought(objects.host_object(host, asker), depends.of_host(host), host.changes_at(asker.now), changed)


async def _entity(db: Database, handle: str, asker: Asker) -> Sought:
    if _CODE.fullmatch(handle.upper()):
        try:
            detail = await bodies.find(db, handle)
        except (
            Refusal
        ) as wrong:  # a handle like any other that nobody has (rdap-10), yet it is said where the code fails
            return Sought(None, refusal=_missing(wrong.text.zh, wrong.text.en, value=handle))
        if detail is not None:
            return Sought(objects.body_object(detail, asker), depends.of_body(detail))
    elif (registrar := await registrars.by_handle(db, handle)) is not None:
        return Sought(
            objects.registrar_object(registrar, asker), depends.of_registrar(registrar), changed=registrar.created_at
        )
    elif (contact := await contacts.by_roid(db, handle)) is not None:
        keys = frozenset({f"contact:{contact.roid}"})
        return Sought(objects.contact_object(contact, asker), keys, changed=contact.updated_at or contact.created_at)
    missing = _missing("没有这个实体", "no such entity is registered here", value=handle)
    return Sought(None, depends.of_missing("entity", handle), refusal=missing)


FINDERS: dict[str, Find] = {"domain": _domain, "nameserver": _nameserver, "entity": _entity}


def _not_answered(path: Path) -> Refusal:
    """What belongs to others, and whatever else a stranger may think of."""
    if path.kind in ("ips", "autnums"):
        zh, en = (
            "地址与自治系统号的检索请向地区互联网注册机构查询",
            "ask a regional Internet registry for such a search",
        )
        return Refusal(Reason.COMMAND_UNSUPPORTED, zh, en, value=path.text)
    if path.kind in ("ip", "autnum"):
        zh, en = (
            "地址与自治系统号请向地区互联网注册机构查询",
            "ask a regional Internet registry for addresses and networks",
        )
        return Refusal(Reason.OBJECT_UNSUPPORTED, zh, en, value=path.text)
    zh, en = "没有这种查询；用法见 /rdap/help", "there is no such query; see /rdap/help"
    return Refusal(Reason.SYNTAX_INVALID, zh, en, value=path.text[:_MAX_NAME])


def _mapped_name(text: str) -> str:
    """The name as an A-label name; ``SYNTAX_INVALID`` for what is no name of the DNS."""
    mapped = map_people(text[: _MAX_NAME * 2]).text
    try:
        return to_a(mapped)
    except ValueError as error:
        if not mapped.isascii() and len(mapped) <= _MAX_NAME:
            return mapped  # no valid label, yet perhaps another spelling of a registered one, which is told
        zh = "这不是合法的域名"
        raise Refusal(
            Reason.SYNTAX_INVALID, zh, "this is no name of the DNS", where="name", value=text[:100]
        ) from error


def _variant_words(found: Variant) -> tuple[str, str]:
    main = f"{found.of.unicode} ({found.of.name})"
    if found.disposition == "withheld":
        zh = f"这是 {main} 的异体写法，为其持有者保留，未开通"
        return zh, f"another spelling of {main}, withheld for its holder and not in use"
    return f"这是 {main} 的异体写法，已封锁，任何人不能注册", f"another spelling of {main}, blocked for everybody"


def _missing(zh: str, en: str, *, value: str) -> Refusal:
    return Refusal(Reason.NOT_FOUND, zh, en, where="name", value=value)
