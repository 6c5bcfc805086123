"""When the next look is due. Pure: the same arguments, the same instant.

The phase of a site within a round comes from its number, so that a million sites are spread evenly and stay so: a look that was late does not
move the next one. Jitter keeps two rounds of one site and two sites of one host from marching in step.
"""

import zlib
from datetime import datetime, timedelta

from verifier.monitor.rounds import PULSE, Round

JITTER = 0.1  # of the period, each way at most half of it
AGAIN = timedelta(seconds=60)  # verifier.md 3.1: a second look sixty to a hundred and twenty seconds after the first
AGAIN_SPREAD = timedelta(seconds=60)
QUICK_LOOKS = 3  # failures in a row that are looked at again quickly; after that everybody knows
PATIENT_AFTER = 12  # failures in a row after which a dead site is looked at less often
LONGEST = timedelta(minutes=60)  # twenty visits a day must be possible at a site that is down, too
LONGEST_WAIT = timedelta(hours=1)  # that a Retry-After may ask for


def share(watch_no: int, salt: int) -> float:
    """A number from 0 to 1 that is the same for the same arguments."""
    return zlib.crc32(watch_no.to_bytes(8, "big") + (salt & 0xFFFFFFFF).to_bytes(4, "big")) / 0xFFFFFFFF


def first_due(each: Round, watch_no: int, now: datetime) -> datetime:
    """A new site is looked at for the first time within a tenth of the period, so that it is known soon and nobody is flooded."""
    return now + each.every * 0.1 * share(watch_no, zlib.crc32(each.id.encode()))


def next_due(each: Round, watch_no: int, fence: int, planned: datetime, now: datetime) -> datetime:
    """The next instant in the site's own phase that lies ahead."""
    steps = max(1, -(-(now - planned) // each.every) if now > planned else 1)
    due = planned + each.every * steps + each.every * JITTER * (share(watch_no, fence) - 0.5)
    return max(due, now + each.every * JITTER)


def due_after_failure(each: Round, watch_no: int, fence: int, failures: int, now: datetime) -> datetime:
    """After ``failures`` looks in a row that brought nothing: soon, then as ever, then patiently."""
    if failures < QUICK_LOOKS:
        return now + AGAIN + AGAIN_SPREAD * share(watch_no, fence)
    every = each.every
    if each.id == PULSE and failures >= PATIENT_AFTER:
        every = min(each.every * 2 ** ((failures - PATIENT_AFTER) // 4 + 1), LONGEST)
    return now + every * (1 + JITTER * (share(watch_no, fence) - 0.5))


def due_after_waiting(asked_seconds: int, due: datetime, now: datetime) -> datetime:
    """What a site asked for in ``Retry-After`` is granted, within reason."""
    return max(due, now + min(timedelta(seconds=max(asked_seconds, 0)), LONGEST_WAIT))
