"""SOA serial numbers: the policy and RFC 1982.

A published change makes the serial the present second of the Unix epoch, or one more than the last when more than one
change falls into a second. So serials grow with time whatever the rate, a database restored from yesterday's backup still
comes out ahead of what secondaries hold, and people can read from a serial when the zone last changed.
"""

from datetime import datetime

MODULUS = 1 << 32
HALF = 1 << 31


def is_after(later: int, earlier: int) -> bool:
    """Whether ``later`` follows ``earlier`` in the arithmetic of RFC 1982 section 3.2."""
    return later != earlier and (later - earlier) % MODULUS < HALF


def next_serial(current: int | None, now: datetime) -> int:
    """The serial of a zone that changes ``now`` and had ``current`` (None: it is new)."""
    clock = int(now.timestamp()) % MODULUS
    if current is None or is_after(clock, current):
        return clock
    return (current + 1) % MODULUS
