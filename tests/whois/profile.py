"""ICANN's RDAP profile of February 2024 as checks that name the error codes of ICANN's conformance tool.

Written from the digest in ``reference/rst.md`` section 2 and the published list of codes; no code of the tool. Each check yields the
codes of what it finds wrong. ``problems`` runs all that apply to a kind of answer.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Found = Iterator[int]
CONFORMANCES = {
    "rdap_level_0",
    "icann_rdap_response_profile_1",
    "icann_rdap_technical_implementation_guide_1",
    "redacted",
}
STATUSES = {
    "validated", "renew prohibited", "update prohibited", "transfer prohibited", "delete prohibited", "proxy", "private", "removed",
    "obscured", "associated", "active", "inactive", "locked", "pending create", "pending renew", "pending transfer", "pending update",
    "pending delete", "add period", "auto renew period", "client delete prohibited", "client hold", "client renew prohibited",
    "client transfer prohibited", "client update prohibited", "pending restore", "redemption period", "renew period",
    "server delete prohibited", "server renew prohibited", "server transfer prohibited", "server update prohibited", "server hold",
    "transfer period", "administrative", "reserved",
}  # fmt: skip
ACTIONS = {
    "registration", "reregistration", "last changed", "expiration", "deletion", "reinstantiation", "transfer", "locked", "unlocked",
    "last update of RDAP database", "registrar expiration",
}  # fmt: skip
ROLES = {"registrant", "technical", "administrative", "abuse", "billing", "registrar", "reseller", "sponsor", "proxy"}
RELATIONS = {"registered", "unregistered", "registration restricted", "open registration", "conjoined"}
LINK_KEYS = {"value", "rel", "href", "hreflang", "title", "media", "type"}
KEYS = {
    "domain": {"objectClassName", "handle", "ldhName", "unicodeName", "variants", "nameservers", "secureDNS", "entities", "status",
               "publicIds", "events", "remarks", "links", "port43", "rdapConformance", "notices", "lang", "redacted"},
    "nameserver": {"objectClassName", "handle", "ldhName", "unicodeName", "ipAddresses", "entities", "status", "remarks", "links",
                   "port43", "events", "rdapConformance", "notices", "lang"},
    "entity": {"objectClassName", "handle", "vcardArray", "roles", "publicIds", "entities", "remarks", "links", "events", "status",
               "port43", "rdapConformance", "notices", "lang"},
    "help": {"rdapConformance", "notices", "lang"},
}  # fmt: skip
HANDLE = re.compile(r"\w{1,80}-\w{1,8}")
TEL = re.compile(r"tel:\+[\d().-]*\d[\d().-]*(;ext=\d+)?")
ADDR_SPEC = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SENTENCES = {
    "Status Codes": ("For more information on domain status codes, please visit https://icann.org/epp", "glossary", "https://icann.org/epp", -46601),
    "RDDS Inaccuracy Complaint Form": (
        "URL of the ICANN RDDS Inaccuracy Complaint Form: https://icann.org/wicf", "help", "https://icann.org/wicf", -46701,
    ),
}  # fmt: skip


def problems(kind: str, answer: Json, uri: str) -> list[int]:
    """The codes of everything that is wrong with an answer of that kind (``domain``, ``nameserver``, ``entity``, ``help``)."""
    found = {code for check in CHECKS[kind] for code in check(answer, uri)}
    return sorted(found | set(_keys(kind, answer)), reverse=True)


def error_problems(answer: Json, status: int) -> list[int]:
    """What is wrong with an error object (-12100 and following)."""
    found = []
    if answer.get("errorCode") != status:
        found.append(-12101)
    if not isinstance(answer.get("description"), list) or not all(
        isinstance(one, str) for one in answer["description"]
    ):
        found.append(-12105)
    return [*found, *_conformance(answer, "")]


def _keys(kind: str, answer: Json) -> Found:
    if set(answer) - KEYS[kind]:
        yield {"domain": -12201, "nameserver": -12401, "entity": -12301, "help": -12501}[kind]


def _conformance(answer: Json, _: str) -> Found:
    values = answer.get("rdapConformance")
    if not isinstance(values, list) or len(values) != len(set(values)):
        yield -10504
        return
    if set(values) - CONFORMANCES:
        yield -10502
    if "rdap_level_0" not in values:
        yield -10503
    if "icann_rdap_response_profile_1" not in values:
        yield -62000
    if "icann_rdap_technical_implementation_guide_1" not in values:
        yield -61000
    if ("redacted" in answer) != ("redacted" in values):
        yield -62001
    if any("rdapConformance" in inner for inner in _objects(answer) if inner is not answer):
        yield -10505


def _links(answer: Json, _: str) -> Found:
    for holder in _objects(answer):
        for link in holder.get("links", []):
            if "value" not in link:
                yield -10612
            if "rel" not in link:
                yield -10613
            if "href" not in link:
                yield -10610
            if set(link) - LINK_KEYS:
                yield -10601
            if not all(
                re.match(r"https?://[^/]+/", link.get(key, "")) or link.get(key, "").startswith("https://icann.org")
                for key in ("value", "href")
            ):
                yield -10611


def _terms(answer: Json, uri: str) -> Found:
    links = [link for notice in answer.get("notices", []) for link in notice.get("links", [])]
    terms = [link for link in links if link.get("rel") == "terms-of-service"]
    if not terms:
        yield -61200
    if any(not link.get("href", "").startswith("http") for link in terms):
        yield -61201
    if any(link.get("value") != uri for link in terms):
        yield -61202
    if not links:
        yield -20700


def _notice_sentences(answer: Json, uri: str) -> Found:
    for title, (sentence, rel, href, code) in SENTENCES.items():
        notice = next((one for one in answer.get("notices", []) if one.get("title") == title), None)
        if notice is None:
            yield code
            continue
        if notice.get("description") != [sentence]:
            yield code - 1
        link = next((one for one in notice.get("links", []) if one.get("href") == href), None)
        if link is None:
            yield code - 3
            continue
        if link.get("rel") != rel:
            yield code - 4
        if link.get("value") != uri:
            yield code - 5


def _script(answer: Json, _: str) -> Found:
    if re.search(r"<script|javascript:|\bon\w+=", json.dumps(answer, ensure_ascii=False), re.IGNORECASE):
        yield -40100


def _events(answer: Json, _: str) -> Found:
    events = answer.get("events", [])
    actions = [event.get("eventAction") for event in events]
    if "last update of RDAP database" not in actions:
        yield -43100
    if set(actions) - ACTIONS or len(actions) != len(set(actions)):
        yield -10904
    if not all(INSTANT.fullmatch(event.get("eventDate", "")) for event in events):
        yield -10907


def _statuses(answer: Json, _: str) -> Found:
    for holder in _objects(answer):
        values = holder.get("status", [])
        if set(values) - STATUSES:
            yield -11001
        if len(values) != len(set(values)):
            yield -11003


def _entities(answer: Json, _: str) -> Found:
    for entity in _objects(answer):
        if entity.get("objectClassName") == "entity":
            if set(entity.get("roles", [])) - ROLES or not entity.get("roles"):
                yield -11802
            if "vcardArray" in entity:
                yield from _card(entity["vcardArray"])


def _card(array: list[Any]) -> Found:
    if array[0] != "vcard" or array[1][0] != ["version", {}, "text", "4.0"]:
        yield -12305
    for name, parameters, kind, *values in array[1]:
        if "language" in parameters or name.startswith("x-") or any(key.startswith("x-") for key in parameters):
            yield -12305
        if name == "org" and not isinstance(values[0], str):
            yield -12305
        if name == "adr":
            yield from _address(parameters, values[0])
        if name == "tel":
            if parameters.get("type") not in ("voice", "fax"):
                yield -20900
            if kind == "uri" and not TEL.fullmatch(values[0]):
                yield -12305
        if name == "email" and not ADDR_SPEC.fullmatch(values[0]):
            yield -12320


def _address(parameters: Json, value: Any) -> Found:
    if not isinstance(value, list) or len(value) != 7:
        yield -20800
        return
    if not re.fullmatch(r"[A-Z]{2}", parameters.get("cc", "")):
        yield -62101
    if value[6] != "":
        yield -62100


def _domain(answer: Json, uri: str) -> Found:
    if not answer.get("status"):
        yield -47100
    actions = {event.get("eventAction") for event in answer.get("events", [])}
    if "registration" not in actions:
        yield -46300
    if "expiration" not in actions:
        yield -46400
    if not any(link.get("value") == uri for link in answer.get("links", [])):
        yield -23201
    if any(link.get("rel") == "related" and "/domain/" not in link.get("href", "") for link in answer.get("links", [])):
        yield -23202
    if not HANDLE.fullmatch(answer.get("handle", "")) and "Registry Domain ID" not in _redacted_names(answer):
        yield -46200
    if "pending delete" not in answer.get("status", []) and {"redemption period", "pending restore"} & set(
        answer.get("status", [])
    ):
        yield -47001
    yield from _secure(answer)


def _secure(answer: Json) -> Found:
    secure = answer.get("secureDNS")
    if secure is None:
        yield -46800
    elif not isinstance(secure.get("delegationSigned"), bool):
        yield -46801
    elif secure["delegationSigned"] != any(secure.get(key) for key in ("dsData", "keyData")):
        yield -46802
    elif any(set(one) != {"keyTag", "algorithm", "digestType", "digest"} for one in secure.get("dsData", [])):
        yield -12009


def _registrar(answer: Json, _: str) -> Found:
    registrars = [one for one in answer.get("entities", []) if "registrar" in one.get("roles", [])]
    if len(registrars) != 1:
        yield -47300 if not registrars else -47301
        return
    yield from _registrar_entity(registrars[0])
    abuse = [one for one in registrars[0].get("entities", []) if "abuse" in one.get("roles", [])]
    if not any({"tel", "email"} <= {member[0] for member in one["vcardArray"][1]} for one in abuse):
        yield -47500
    about = [link for link in registrars[0].get("links", []) if link.get("rel") == "about"]
    if not about:
        yield -47700
    if any(not link["value"].startswith("https://") for link in about):
        yield -47702


def _registrar_entity(entity: Json) -> Found:
    if not any(member[0] == "fn" and member[3] for member in entity["vcardArray"][1]):
        yield -47302
    identifiers = [one["identifier"] for one in entity.get("publicIds", []) if one.get("type") == "IANA Registrar ID"]
    if not identifiers:
        yield -23300
    if not re.fullmatch(r"[1-9]\d*", entity.get("handle", "")):
        yield -47402
    if identifiers != [entity.get("handle")]:
        yield -47403


def _registrar_object(answer: Json, _: str) -> Found:
    if "registrar" not in answer.get("roles", []):
        yield -60100
    if not answer.get("handle") or "vcardArray" not in answer:
        yield -60101
    yield from _registrar_entity(answer)


# Name of the redaction, the codes when it is missing although nothing is shown, and when it is said although something is shown.
_REGISTRANT = (
    ("Registrant Name", "fn", -63201, -63205, "emptyValue"),
    ("Registrant Organization", "org", 0, -63304, "removal"),
    ("Registrant Street", "adr2", -63401, -63405, "emptyValue"),
    ("Registrant City", "adr3", -63501, -63505, "emptyValue"),
    ("Registrant Postal Code", "adr5", -63601, -63605, "emptyValue"),
    ("Registrant Phone", "voice", -63700, -63704, "removal"),
    ("Registrant Email", "email", -65400, -65404, "removal"),
)
_TECHNICAL = (
    ("Tech Name", "fn", -65001, -65005, "emptyValue"),
    ("Tech Phone", "voice", -65100, -65104, "removal"),
    ("Tech Email", "email", 0, -65503, "removal"),
)


def _redactions(answer: Json, _: str) -> Found:
    for entry in answer.get("redacted", []):
        if len(set(entry.get("name", {})) & {"type", "description"}) != 1:
            yield -62003
        if not all(
            isinstance(entry[key], str) for key in ("postPath", "pathLang", "prePath", "method") if key in entry
        ):
            yield -62004
        if set(entry.get("reason", {})) - {"lang", "type", "description"}:
            yield -62005
        yield from _paths(answer, entry)
    for role, table, handle_codes in (
        ("registrant", _REGISTRANT, (-63100, -63102, -63106)),
        ("technical", _TECHNICAL, (-65700, -65703, -65702)),
    ):
        entities = [one for one in answer.get("entities", []) if role in one.get("roles", [])]
        if entities:
            yield from _party(answer, entities, table)
            yield from _party_handle(
                answer, entities[0], "Registrant" if role == "registrant" else "Tech", handle_codes
            )


def _paths(answer: Json, entry: Json) -> Found:
    """``removal`` finds nothing, ``emptyValue`` something that is empty; the codes are those of the registrant's name and organisation."""
    if entry["method"] == "removal" and list(evaluate(answer, entry["prePath"])):
        yield -63302
    if entry["method"] == "emptyValue":
        values = list(evaluate(answer, entry["postPath"]))
        if not values:
            yield -63203
        if any(values):
            yield -63205


def _party(answer: Json, entities: list[Json], table: tuple[tuple[str, str, int, int, str], ...]) -> Found:
    names = _redacted_names(answer)
    for name, member, missing, needless, method in table:
        shown = any(_shown(entity, member) for entity in entities)
        if not shown and missing and name not in names:
            yield missing
        if shown and name in names:
            yield needless
        if name in names and names[name]["method"] != method:
            yield missing - 3 if missing else needless + 1


def _party_handle(answer: Json, entity: Json, word: str, codes: tuple[int, int, int]) -> Found:
    name = f"Registry {word} ID"
    if "handle" not in entity:
        if name not in _redacted_names(answer):
            yield codes[1]
    elif not HANDLE.fullmatch(entity["handle"]):
        yield codes[0]
    elif name in _redacted_names(answer):
        yield codes[2]


def _shown(entity: Json, member: str) -> bool:
    for name, parameters, _, *values in entity["vcardArray"][1]:
        if name == member or (member == "voice" and parameters.get("type") == "voice"):
            return bool(values[0])
        if name == "adr" and member.startswith("adr"):
            return bool(values[0][int(member[3])])
    return False


def _redacted_names(answer: Json) -> dict[str, Json]:
    return {entry["name"]["type"]: entry for entry in answer.get("redacted", []) if "type" in entry.get("name", {})}


def _nameserver(answer: Json, _: str) -> Found:
    if not HANDLE.fullmatch(answer.get("handle", "")):
        yield -49102
    if "ldhName" not in answer:
        yield -12405
    status = set(answer.get("status", []))
    if not status or ("active" in status and status - {"active", "associated"}):
        yield -49300
    if any("publicIds" in one for one in answer.get("entities", [])):
        yield -49205
    for version, addresses in answer.get("ipAddresses", {"v4": ["0"]}).items():
        if version not in ("v4", "v6") or not addresses:
            yield -11400


def _variants(answer: Json, _: str) -> Found:
    for variant in answer.get("variants", []):
        if set(variant) - {"relation", "idnTable", "variantNames"}:
            yield -11501
        if set(variant["relation"]) - RELATIONS:
            yield -11504
        if any(set(name) - {"ldhName", "unicodeName"} for name in variant["variantNames"]):
            yield -11508


def _help(answer: Json, _: str) -> Found:
    if not answer.get("notices"):
        yield -20701


Check = Callable[[Json, str], Found]
EVERYWHERE: tuple[Check, ...] = (_conformance, _links, _terms, _script, _statuses, _entities)
CHECKS: dict[str, tuple[Check, ...]] = {
    "domain": (*EVERYWHERE, _events, _notice_sentences, _domain, _registrar, _redactions, _variants),
    "nameserver": (*EVERYWHERE, _events, _nameserver),
    "entity": (*EVERYWHERE, _events, _registrar_object),
    "party": (*EVERYWHERE, _events),
    "help": (*EVERYWHERE, _help),
}
KEYS["party"] = KEYS["entity"]


def _objects(value: Any) -> Iterator[Json]:
    """Every JSON object within, the outermost first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[\?\(@((?:\.\w+|\[\d+\])+)=='([^']*)'\)\]")


def evaluate(root: Any, path: str) -> Iterator[Any]:
    """The values that a JSONPath of the few forms used here selects (RFC 9535: names, indexes, equality filters)."""
    assert path.startswith("$")
    nodes, at = [root], 1
    while at < len(path):
        step = _STEP.match(path, at)
        assert step, f"no JSONPath that this test reads: {path[at:]}"
        nodes = [found for node in nodes for found in _step(node, step)]
        at = step.end()
    yield from nodes


def _step(node: Any, step: "re.Match[str]") -> Iterator[Any]:
    name, index, inner, wanted = step.groups()
    if name is not None:
        if isinstance(node, dict) and name in node:
            yield node[name]
    elif index is not None:
        if isinstance(node, list) and int(index) < len(node):
            yield node[int(index)]
    elif isinstance(node, list):
        yield from (one for one in node if wanted in map(str, evaluate(one, "$" + inner)))
