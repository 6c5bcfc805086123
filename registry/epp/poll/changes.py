"""What others did to a domain (RFC 8590): the domain in ``resData``, who did what, when and why in the extension."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.epp.answer import Piece
from registry.epp.fields import written_client
from registry.epp.markup import NOTHING, element, moment, optional, root, tag
from registry.epp.namespaces import CHANGE_POLL, DOMAIN

MAX_WHO = 255  # characters, changePoll:whoType


def write_change(payload: Mapping[str, Any]) -> tuple[Piece, tuple[Piece, ...]]:
    """``domain:infData`` and ``changePoll:changeData`` from a payload of ``registry.flows.domain.told``."""
    said = element(
        "changePoll:changeData",
        tag("changePoll:operation", str(payload["operation"])),
        moment("changePoll:date", datetime.fromisoformat(payload["at"])),
        tag("changePoll:svTRID", str(payload["trid"])),
        tag("changePoll:who", str(payload["who"])[:MAX_WHO]),
        tag("changePoll:reason", str(payload["reason"]), lang="zh") if payload["reason"] else NOTHING,
        **{"xmlns:changePoll": CHANGE_POLL, "state": str(payload["state"])},
    )
    return _domain(payload["domain"], payload["statuses"]), (Piece(CHANGE_POLL, said),)


def _domain(domain: Mapping[str, Any], statuses: list[str]) -> Piece:
    hosts = [tag("domain:hostObj", name) for name in domain["hosts"]]
    data = root(
        "domain:infData",
        tag("domain:name", domain["name"]),
        tag("domain:roid", domain["roid"]),
        *(element("domain:status", s=status) for status in statuses),
        optional("domain:registrant", domain["registrant"] or ""),
        *(tag("domain:contact", identifier, type=kind) for kind, identifier in domain["contacts"]),
        element("domain:ns", *hosts) if hosts else NOTHING,
        tag("domain:clID", domain["registrar"]),
        tag("domain:crID", domain["created_by"]),
        moment("domain:crDate", _at(domain["created_at"])),
        optional("domain:upID", written_client(domain["updated_by"])),
        moment("domain:upDate", _at(domain["updated_at"])),
        moment("domain:exDate", _at(domain["expires_at"])),
        moment("domain:trDate", _at(domain["transferred_at"])),
    )
    return Piece(DOMAIN, data)


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
