"""Partial answers (RFC 8982): an object reduced to the members of a field set (pure).

``id`` is what identifies an object, ``brief`` what a list of results needs, ``full`` everything. An unknown set is a bad request
(RFC 8982, section 5).
"""

from registry.kernel.errors import Reason, Refusal, Text
from whois.rdap.members import MEDIA_TYPE, Asker, Json, with_parameter

SUBSETTING = "subsetting"  # the extension's name in rdapConformance (RFC 8982, section 2.1)
_ID = ("objectClassName", "handle", "ldhName", "unicodeName", "links")
SETS: dict[str, tuple[str, ...] | None] = {
    "id": _ID,
    "brief": (*_ID, "status", "events", "variants", "secureDNS", "publicIds", "roles", "ipAddresses"),
    "full": None,
}
DEFAULT = "full"
_WORDS = {
    "id": Text("仅标识", "only what identifies the object"),
    "brief": Text("标识、状态与时间", "identity, statuses and events"),
    "full": Text("全部内容", "everything"),
}
_AROUND = ("rdapConformance", "notices", "redacted")  # members of the answer, not of the object


def field_set(name: str) -> str:
    """The name of a set; refuses with ``VALUE_INVALID``."""
    if name not in SETS:
        known = ", ".join(SETS)
        raise Refusal(
            Reason.VALUE_INVALID,
            f"没有字段集 {name[:40]}；可用：{known}",
            f"no such field set; there are: {known}",
            where="fieldSet",
        )
    return name


def members_of(body: Json, name: str) -> Json:
    """The members of an object that a set shows."""
    wanted = SETS[name]
    return body if wanted is None else {key: value for key, value in body.items() if key in wanted}


def reduced(body: Json, name: str, asker: Asker) -> Json:
    """A whole answer about one object, reduced; says which sets there are."""
    chosen = field_set(name)
    around = {key: body[key] for key in _AROUND if key in body and (key != "redacted" or chosen == "full")}
    core = members_of({key: value for key, value in body.items() if key not in _AROUND}, chosen)
    conformance = [one for one in around["rdapConformance"] if one != "redacted" or "redacted" in around]
    return {**around, "rdapConformance": [*conformance, SUBSETTING], **metadata(chosen, asker), **core}


def metadata(chosen: str, asker: Asker) -> Json:
    """``subsetting_metadata`` (RFC 8982, section 2.2)."""
    sets = [
        {
            "name": name,
            "default": name == DEFAULT,
            "description": f"{_WORDS[name].zh} {_WORDS[name].en}",
            **({} if name == chosen else {"links": [_alternate(name, asker)]}),
        }
        for name in SETS
    ]
    return {"subsetting_metadata": {"currentFieldSet": chosen, "availableFieldSets": sets}}


def _alternate(name: str, asker: Asker) -> Json:
    return {
        "value": asker.uri,
        "rel": "alternate",
        "href": with_parameter(asker.uri, "fieldSet", name),
        "title": "Result Subset Link",
        "type": MEDIA_TYPE,
    }
