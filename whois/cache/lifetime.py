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
