"""What an answer depends on, and what a change touches: two lists of the same keys (pure).

An answer is taken out of memory when a change touches one of its keys. A key is a word and what it is about: ``domain:D1-CONAC``,
``host:…``, ``contact:…``, ``registrar:…``, ``body:USCC``; beside the objects there are

* ``class:LABEL``: the index label that all spellings of a name share. Whoever was told that there is nothing depends on it;
* ``name:NAME``: a name of the DNS, of a domain or a host, for answers that list names or say that there is none;
* ``bodies``, ``registrars``, ``domains``: anything of that kind. Imports change bodies by the ten thousand and announce
  it once, so everything that shows a body goes then.

A kind of change that is not known here touches :data:`EVERYTHING`: a new act of the register may cost speed, never a wrong answer.
"""

from collections.abc import Callable, Iterable
from typing import Any

from registry.kernel.feed import Change
from registry.published.names import read_name
from registry.published.records import BodyDetail, DomainRecord, HostRecord, RegistrarRecord

Keys = frozenset[str]
EVERYTHING = "*"
# Nouns of changes that no answer shows anything of.
SILENT = frozenset(
    {
        "person", "session", "application", "verification", "token", "document", "list", "lock", "comparison", "centre",
        "delivery", "maintenance", "delegation", "audit", "inbox", "webhook", "figures", "disclosure",
    }
)  # fmt: skip
BODY_NOUNS = frozenset({"body", "establishment", "institution", "notice", "liquidation"})


def of_domain(record: DomainRecord) -> Keys:
    """What is shown of a name: itself, and everything that hangs on it."""
    found = {f"domain:{record.domain.roid}", f"registrar:{record.registrar.id}"}
    found.update(f"host:{server.roid}" for server in record.servers)
    found.update(f"contact:{contact.roid}" for _, contact in record.contacts)
    if record.registrant:
        found.add(f"contact:{record.registrant.roid}")
    if record.body:
        found.update((f"body:{record.body.uscc}", "bodies"))
    return frozenset(found)


def of_host(record: HostRecord) -> Keys:
    """A host, whose status says whether a domain uses it."""
    return frozenset({f"host:{record.roid}", f"name:{record.name}", f"registrar:{record.registrar.id}", "domains"})


def of_registrar(record: RegistrarRecord) -> Keys:
    """A registrar, found by one of its names."""
    return frozenset({f"registrar:{record.id}", "registrars"})


def of_body(detail: BodyDetail) -> Keys:
    """A body with its names and marks; it may get another name at any time."""
    return frozenset({f"body:{detail.body.uscc}", "bodies", "domains"})


def of_missing_name(text: str) -> Keys:
    """Nothing, or something that was: any spelling that is registered changes that."""
    asked = read_name(text)
    return frozenset({f"class:{asked.index}"} if asked else ())


def of_missing(kind: str, value: str) -> Keys:
    """No such host, contact, registrar or body."""
    return frozenset(
        {
            "nameserver": {f"name:{value}"},
            "registrar": {"registrars"},
            "body": {"bodies", f"body:{value}"},
            "entity": {"bodies", "registrars", f"contact:{value}"},
        }[kind]
    )


def touched(changes: Iterable[Change]) -> set[str]:
    """The keys that a batch of changes touches."""
    found: set[str] = set()
    for change in changes:
        found |= _touched(change)
    return found


def _touched(change: Change) -> set[str]:
    noun = change.kind.partition(".")[0]
    if noun in SILENT:
        return set()
    return {EVERYTHING} if noun not in READERS else READERS[noun](change)


def _of_domain(change: Change) -> set[str]:
    names = _texts(change.detail.get("names"))
    classes = (read_name(name) for name in names)
    found = {f"domain:{change.subject}", "domains", *(f"name:{name}" for name in names)}
    return found | {f"class:{one.index}" for one in classes if one}


def _of_host(change: Change) -> set[str]:
    names = _texts([change.detail.get("name"), change.detail.get("former_name")])
    return {f"host:{change.subject}", *(f"name:{name}" for name in names)}


def _of_mark(change: Change) -> set[str]:
    uscc = change.detail.get("uscc")
    return {f"body:{uscc}"} if uscc else {"bodies"}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []


READERS: dict[str, Callable[[Change], set[str]]] = {
    "domain": _of_domain,
    "host": _of_host,
    "contact": lambda change: {f"contact:{change.subject}"},
    "registrar": lambda change: {f"registrar:{change.subject}", "registrars"},
    "mark": _of_mark,
    **dict.fromkeys(BODY_NOUNS, lambda _: {"bodies"}),
}
