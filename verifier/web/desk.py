"""What the verifier's pages share: one set of questions, one issuer key, one keeper of status lists, one limit
on reports.
"""

from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.web.app import Context
from registry.kernel.web.limits import Buckets, allow
from verifier.images.looking import Looking
from verifier.marks.control import load_secret
from verifier.marks.keys import IssuerKey, load_issuer_key
from verifier.question import Questions
from verifier.reports.sighting import Sightings
from verifier.web.form_tokens import FormTokens
from verifier.web.host_sets import HostSets
from verifier.web.lists import StatusLists

KEY_FILE = "public-pages.key"  # behind the words of the moment and the tokens of forms
REPORTS_AT_ONCE = 5  # a citizen who found a nest of fakes
REPORTS_PER_SECOND = 1 / 60  # and then one a minute: nobody types faster, a program gives up
QUESTIONS_AT_ONCE = 10.0  # seconds' worth: a page of links, a school class behind one address
BATCHES_PER_SECOND, BATCHES_AT_ONCE = 0.5, 10.0  # each holds a thousand addresses and costs a tenth of a second
# Without the work that a browser's script does by itself: slower, never shut out.
PLAIN_REPORTS_AT_ONCE, PLAIN_REPORTS_PER_SECOND = 2, 1 / 300
PICTURES_PER_SECOND, PICTURES_AT_ONCE = 1.0, 10.0  # each costs up to a second of work


@dataclass(slots=True)
class Desk:
    """Built once when the routes are put together."""

    config: Config
    db: Database
    clock: Clock
    key: IssuerKey
    questions: Questions
    lists: StatusLists
    hosts: HostSets
    secret: bytes = field(repr=False)
    sightings: Sightings
    forms: FormTokens
    looking: Looking = field(default_factory=Looking)
    reports: Buckets = field(default_factory=lambda: Buckets(REPORTS_PER_SECOND, REPORTS_AT_ONCE))
    plain_reports: Buckets = field(default_factory=lambda: Buckets(PLAIN_REPORTS_PER_SECOND, PLAIN_REPORTS_AT_ONCE))
    batches: Buckets = field(default_factory=lambda: Buckets(BATCHES_PER_SECOND, BATCHES_AT_ONCE))
    pictures: Buckets = field(default_factory=lambda: Buckets(PICTURES_PER_SECOND, PICTURES_AT_ONCE))

    _asking: Buckets | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        rate = self.config.mark.questions_per_second
        self._asking = Buckets(rate, rate * QUESTIONS_AT_ONCE) if rate else None

    def allow_question(self, address: str | None) -> None:
        """Refuse with ``RATE_LIMITED`` a place that asks more than its share."""
        if self._asking is not None:
            allow(self._asking, address, self.clock.monotonic())


def make_desk(context: Context) -> Desk:
    """The desk of one process; the issuer key is made here if there is none yet."""
    key = load_issuer_key(context.config.secret("mark.pem", context.config.mark.key_file))
    questions = Questions(context.db, context.clock)
    secret = load_secret(context.config.secret(KEY_FILE))
    return Desk(
        config=context.config,
        db=context.db,
        clock=context.clock,
        key=key,
        questions=questions,
        lists=StatusLists(context.db, context.clock, key, context.config.public_url),
        secret=secret,
        sightings=Sightings(context.db, context.clock, questions),
        forms=FormTokens(secret),
        hosts=HostSets(questions, context.clock, key, context.config.public_url),
    )
