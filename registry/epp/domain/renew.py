"""domain:renew (RFC 5731 section 3.2.3)."""

from datetime import date

from registry.epp.answer import Answer, Piece
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.fields import read_years
from registry.epp.markup import moment, root, tag
from registry.epp.namespaces import DOMAIN
from registry.epp.request import Asked
from registry.flows.domain.renew import RenewDomain
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Renewed

ISO_LENGTH = len("2026-06-01")


def read_domain_renew(asked: Asked) -> RenewDomain:
    """The order. ``xs:date`` may carry a time zone, which says nothing here: expiry dates are UTC."""
    node = asked.node
    return RenewDomain(node.text("name"), _date(node.text("curExpDate")), read_years(node))


def write_domain_renew(asked: Asked, renewed: Renewed, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """The new expiry."""
    data = root("domain:renData", tag("domain:name", renewed.name), moment("domain:exDate", renewed.expires_at))
    return Answer(data=Piece(DOMAIN, data), extensions=write_bundle(renewed.members, "renData"))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:ISO_LENGTH])
    except ValueError as error:  # a year before 1 or after 9999 is an xs:date and no date of ours
        raise Refusal(
            Reason.VALUE_OUT_OF_RANGE, "日期超出范围", "the date is out of range", where="curExpDate", value=text
        ) from error
