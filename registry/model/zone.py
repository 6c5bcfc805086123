"""A zone that we register names in, with the lengths and rules that it gives to them (a row of ``tld``)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from registry.model.domain import Deadlines


@dataclass(frozen=True, slots=True)
class Zone:
    """``name`` is the A-label, ``tld_set`` the set of variant zones whose names exclude each other.

    ``verification``: ``required`` (a body must be proved first), ``grace`` (within a time, on ``serverHold`` until then) or
    ``none`` (a test zone: nobody's identity is asked, and a deleted name is free again).

    ``restore_report`` None: a restore takes effect at once, for the site of a public body does not wait for a form (design, law 9), and its
    report may follow. A length: the restore is pending until its report is there, and lapses without one (RFC 3915 section 2).
    """

    name: str
    unicode: str
    tld_set: str
    table_id: str
    verification: Literal["required", "grace", "none"]
    created_at: datetime
    idn_only: bool = True
    contact_model: Literal["minimum", "maximum"] = "maximum"
    default_years: int = 1
    add_grace: timedelta = timedelta(days=5)
    renew_grace: timedelta = timedelta(days=5)
    auto_renew_grace: timedelta = timedelta(days=45)
    transfer_grace: timedelta = timedelta(days=5)
    transfer_pending: timedelta = timedelta(days=5)
    redemption: timedelta = timedelta(days=30)
    pending_delete: timedelta = timedelta(days=5)
    restore_report: timedelta | None = None

    @property
    def is_official(self) -> bool:
        """Whether its names belong to public bodies, and are therefore never released to strangers."""
        return self.verification != "none"

    @property
    def deadlines(self) -> Deadlines:
        """What follows a request to delete."""
        return Deadlines(self.redemption, self.pending_delete, self.restore_report)
