"""When an answer becomes another one by the mere passing of time (pure).

Statuses are computed at an instant (``registry/model/domain.py``): a grace period ends, a window of a lock closes, redemption turns into deletion.
Between two of these instants an answer stays as it is.
"""

from collections.abc import Iterator
from datetime import datetime

from registry.published.records import DomainRecord


def changes_at(record: DomainRecord, now: datetime) -> datetime | None:
    """The first instant after ``now`` at which a status of the name begins or ends; None when time alone changes nothing."""
    return min((one for one in _instants(record) if one > now), default=None)


def last_change(record: DomainRecord, now: datetime) -> datetime:
    """When something of what is shown of the name last became another: itself, its servers, people and body, or a status by time."""
    domain = record.domain
    contacts = [contact for _, contact in record.contacts]
    instants = [
        domain.created_at, domain.updated_at, domain.transferred_at, domain.deleted_at, record.registrar.created_at,
        *(server.changed_at for server in record.servers),
        *(contact.updated_at or contact.created_at for contact in ([record.registrant] if record.registrant else []) + contacts),
        record.body.changed_at if record.body else None,
        *(one for one in _instants(record) if one <= now),
    ]  # fmt: skip
    return max(one for one in instants if one is not None)


def _instants(record: DomainRecord) -> Iterator[datetime]:
    domain = record.domain
    if domain.lock and domain.lock.open_until:
        yield domain.lock.open_until
    if domain.transfer:
        yield domain.transfer.acts_at
    for grace in domain.graces:
        yield grace.until
    if domain.deleted_at:
        yield domain.deleted_at + record.deadlines.redemption
