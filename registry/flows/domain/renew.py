"""domain:renew (RFC 5731 section 3.2.3)."""

from dataclasses import dataclass, replace
from datetime import UTC, date

from registry.flows.act import Act
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.registrar.permission import require_sponsor
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Renewed
from registry.model.domain import Grace, GraceKind, statuses_at
from registry.model.life import running
from registry.policy.objects.period import extended
from registry.policy.objects.status import check_none_of


@dataclass(frozen=True, slots=True)
class RenewDomain:
    """``current_expiry`` guards against renewing twice; ``years`` None takes the zone's default."""

    name: str
    current_expiry: date
    years: int | None = None


async def renew_domain(act: Act, order: RenewDomain) -> Renewed:
    """Put the expiry off; a renew grace period begins, those that run go on (RFC 3915, erratum 8305).

    Refuses with ``NOT_FOUND``, ``NOT_PERMITTED`` (not the sponsor), ``STATUS_FORBIDS``, ``POLICY_FORBIDS`` (``current_expiry``
    is not the date of expiry in UTC), ``VALUE_OUT_OF_RANGE`` (not 1 to 10 years, or over ten years from now).
    """
    domain, zone = await open_for_change(act, order.name)
    require_sponsor(act, domain.registrar_id, where="name", value=order.name)
    check_none_of(
        statuses_at(domain, act.now),
        "clientRenewProhibited", "serverRenewProhibited", "pendingDelete", "pendingTransfer",
    )  # fmt: skip
    if order.current_expiry != domain.expires_at.astimezone(UTC).date():
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"curExpDate 与现到期日不符；现到期日为 {domain.expires_at.astimezone(UTC).date()}",
            f"curExpDate is not the present expiry, which is {domain.expires_at.astimezone(UTC).date()}",
            where="curExpDate",
            value=order.current_expiry.isoformat(),
        )
    years = zone.default_years if order.years is None else order.years
    grace = Grace(GraceKind.RENEW, act.now + zone.renew_grace, act.caller.id, years)
    renewed = replace(
        domain,
        expires_at=extended(domain.expires_at, years, act.now),
        graces=(*running(domain.graces, act.now), grace),
        updated_at=act.now,
        updated_by=act.caller.id,
    )
    await save(act, "domain.renewed", renewed)
    await tell_change(act, renewed, "renew")
    return Renewed(domain.name, renewed.expires_at, domain.members)
