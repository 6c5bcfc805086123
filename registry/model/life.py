"""What time alone does to a domain (RFC 5731, RFC 3915): a pure function of what is stored and of the instant.

Nothing waits for a job: whoever looks at a domain looks at :func:`as_of` now. A job writes the same result down later, and it is
the same whenever it runs.

* A pending transfer that nobody answered is approved at its ``acts_at`` (RFC 5731 section 3.2.4).
* A name that expires is renewed by a year, with an auto-renew grace period: a live official site is never taken down by a date (design,
  law 9).
* A restore whose report did not come in time lapses, in zones that want one (RFC 3915 section 2); its redemption goes on with the days
  that were left.
* A name that was asked to be deleted is due to be purged when its redemption and its pending-delete period are over.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from registry.model.domain import Domain, Grace, GraceKind
from registry.model.zone import Zone

HORIZON_YEARS = 10  # no name expires later than this from now; RST epp-18


def add_years(instant: datetime, years: int) -> datetime:
    """The same day and time ``years`` later; 29 February becomes 28 February in a common year."""
    try:
        return instant.replace(year=instant.year + years)
    except ValueError:
        return instant.replace(year=instant.year + years, day=28)


def as_of(domain: Domain, now: datetime, zone: Zone) -> Domain:
    """The domain as it is at ``now``. Equal to ``domain`` when time did nothing to it."""
    settled = _lapsed_when_due(_transferred_when_due(domain, now, zone), now, zone)
    return settled if settled.deleted_at else _renewed_when_due(settled, now, zone)


def is_purge_due(domain: Domain, now: datetime, zone: Zone) -> bool:
    """Whether redemption and pending delete are over."""
    if domain.deleted_at is None or is_restore_pending(domain, zone):
        return False
    return now >= domain.deleted_at + zone.redemption + zone.pending_delete


def is_restore_pending(domain: Domain, zone: Zone) -> bool:
    """Whether a restore waits for its report (``pendingRestore``)."""
    return domain.deleted_at is not None and domain.restore_requested_at is not None and zone.restore_report is not None


def transferred(domain: Domain, at: datetime, zone: Zone) -> Domain:
    """The domain after its pending transfer was approved at ``at``.

    Years are added, the secret is gone (RFC 9154 section 4.4), and so are the grace periods of the registrar that lost it.
    """
    transfer = domain.transfer
    if transfer is None:
        return domain
    latest = add_years(at, HORIZON_YEARS)
    return replace(
        domain,
        registrar_id=transfer.gaining,
        transferred_at=at,
        expires_at=max(domain.expires_at, min(add_years(domain.expires_at, transfer.years), latest)),
        auth_hash="",
        auth_expires_at=None,
        transfer=None,
        graces=(Grace(GraceKind.TRANSFER, at + zone.transfer_grace, transfer.gaining, transfer.years),),
    )


def running(graces: tuple[Grace, ...], now: datetime) -> tuple[Grace, ...]:
    """The grace periods that still run, so that what is stored does not grow for ever."""
    return tuple(grace for grace in graces if now < grace.until)


def _transferred_when_due(domain: Domain, now: datetime, zone: Zone) -> Domain:
    is_due = domain.transfer is not None and now >= domain.transfer.acts_at
    return transferred(domain, domain.transfer.acts_at, zone) if is_due and domain.transfer else domain


def _lapsed_when_due(domain: Domain, now: datetime, zone: Zone) -> Domain:
    """The time that the restore was pending does not count against the redemption."""
    requested_at, deleted_at = domain.restore_requested_at, domain.deleted_at
    if requested_at is None or deleted_at is None:
        return domain
    length = (
        zone.restore_report or timedelta()
    )  # a zone that wants no reports any more has no restores that wait for one
    if now < requested_at + length:
        return domain
    return replace(domain, restore_requested_at=None, deleted_at=deleted_at + length)


def _renewed_when_due(domain: Domain, now: datetime, zone: Zone) -> Domain:
    while domain.expires_at <= now:
        grace = Grace(GraceKind.AUTO_RENEW, domain.expires_at + zone.auto_renew_grace, domain.registrar_id)
        domain = replace(
            domain,
            expires_at=add_years(domain.expires_at, 1),
            graces=(*running(domain.graces, domain.expires_at), grace),
        )
    return domain
