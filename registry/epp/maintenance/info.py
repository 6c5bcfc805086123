"""maintenance:info (RFC 9167 section 4.1.3), and the item that poll messages carry."""

from registry.epp.answer import Answer, Piece
from registry.epp.markup import NOTHING, element, moment, optional, root, tag
from registry.epp.namespaces import MAINTENANCE
from registry.epp.request import Asked
from registry.flows.maintenance.info import InfoMaintenance
from registry.model.maintenance import Impact, Maintenance


def read_maintenance_info(asked: Asked) -> InfoMaintenance:
    """The list, or one by its id."""
    return InfoMaintenance(asked.node.text("id"))


def write_maintenance_info(asked: Asked, found: Maintenance | list[Maintenance], language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``maint:infData``."""
    return Answer(data=_list(found) if isinstance(found, list) else write_item(found))


def write_item(one: Maintenance, poll_type: str = "") -> Piece:
    """Everything about one, with the reason of a poll message when it stands in one."""
    item = element(
        "maint:item",
        _id(one),
        optional("maint:pollType", poll_type),
        element("maint:systems", *(_system(each) for each in one.systems)),
        element("maint:environment", type=one.environment),
        moment("maint:start", one.starts_at),
        moment("maint:end", one.ends_at),
        tag("maint:reason", one.reason),
        optional("maint:detail", one.detail),
        tag("maint:description", one.description_zh, lang="zh"),
        tag("maint:description", one.description_en, lang="en"),
        element("maint:tlds", *(tag("maint:tld", tld) for tld in one.tlds)) if one.tlds else NOTHING,
        element(
            "maint:intervention",
            tag("maint:connection", _truth(one.reconnect)),
            tag("maint:implementation", _truth(one.reimplement)),
        ),
        moment("maint:crDate", one.created_at),
        moment("maint:upDate", one.updated_at),
    )
    return Piece(MAINTENANCE, root("maint:infData", item))


def _list(found: list[Maintenance]) -> Piece:
    lines = [
        element(
            "maint:listItem",
            _id(one),
            moment("maint:start", one.starts_at),
            moment("maint:end", one.ends_at),
            moment("maint:crDate", one.created_at),
            moment("maint:upDate", one.updated_at),
        )
        for one in found
    ]
    return Piece(MAINTENANCE, root("maint:infData", element("maint:list", *lines)))


def _id(one: Maintenance) -> str:
    return tag("maint:id", one.id, name=one.title, lang="zh")


def _system(each: Impact) -> str:
    return element(
        "maint:system",
        tag("maint:name", each.name),
        optional("maint:host", each.host),
        tag("maint:impact", each.impact),
    )


def _truth(is_so: bool) -> str:
    return "true" if is_so else "false"
