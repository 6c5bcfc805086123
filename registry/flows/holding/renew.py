"""A holder renews his name in the portal, through the registrar that serves it."""

from dataclasses import dataclass, replace

from registry.flows.act import Act, Caller
from registry.flows.domain.renew import RenewDomain, renew_domain
from registry.flows.holding.change import check_sponsor
from registry.flows.holding.read_name import find_held
from registry.model.person import Person


@dataclass(frozen=True, slots=True)
class RenewName:
    """For a year; ``name`` as a person or a link writes it."""

    name: str


async def renew_name(act: Act, by: Person, order: RenewName) -> None:
    """Renew it by one year from the day that it ends.

    Refuses with NOT_FOUND, NOT_PERMITTED (another registrar manages it), and as :func:`renew_domain` (ten years at most, the body's
    state).
    """
    domain = await find_held(act, by, order.name)
    check_sponsor(act, domain)
    through = replace(act, caller=Caller("registrar", domain.registrar_id, behind=act.caller.actor))
    await renew_domain(through, RenewDomain(domain.name, domain.expires_at.date(), 1))
    act.has_changed = act.has_changed or through.has_changed
