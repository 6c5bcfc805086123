"""What the verifier's pages share: one set of questions, one issuer key, one keeper of status lists, one limit
on reports.
"""

from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.web.app import Context
from registry.kernel.web.limits import Buckets
from verifier.marks.keys import IssuerKey, load_issuer_key
from verifier.question import Questions
from verifier.web.lists import StatusLists

REPORTS_AT_ONCE = 5  # a citizen who found a nest of fakes
REPORTS_PER_SECOND = 1 / 60  # and then one a minute: nobody types faster, a program gives up


@dataclass(slots=True)
class Desk:
    """Built once when the routes are put together."""

    config: Config
    db: Database
    clock: Clock
    key: IssuerKey
    questions: Questions
    lists: StatusLists
    reports: Buckets = field(default_factory=lambda: Buckets(REPORTS_PER_SECOND, REPORTS_AT_ONCE))


def make_desk(context: Context) -> Desk:
    """The desk of one process; the issuer key is made here if there is none yet."""
    key = load_issuer_key(context.config.secret("mark.pem", context.config.mark.key_file))
    return Desk(
        config=context.config,
        db=context.db,
        clock=context.clock,
        key=key,
        questions=Questions(context.db, context.clock),
        lists=StatusLists(context.db, context.clock, key, context.config.public_url),
    )
