"""How long a session lasts, and how guesses are slowed."""

from datetime import timedelta

from registry.model.person import Role

ABSOLUTE = timedelta(hours=12)  # a working day; then the second factor is asked for again, whatever happens
IDLE = timedelta(minutes=15)  # for all who decide, run, guard or read (GB/T 22239 asks for a time-out; 15 is the usual)
IDLE_AGENCY = timedelta(minutes=60)  # an applicant fetches papers while he fills in a form
TOUCH_AFTER = timedelta(seconds=30)  # a session is not written to at every page

FREE_GUESSES = 4  # attempts that nobody waits for: a slip of the finger, caps lock, a code that just expired
LONGEST_WAIT_SECONDS = 900.0  # 96 guesses a day from one place against one account
GUESSES_KEPT = timedelta(days=1)


def idle_of(role: Role) -> timedelta:
    """How long a person of this role may do nothing."""
    return IDLE_AGENCY if role is Role.AGENCY else IDLE
