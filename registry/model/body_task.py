"""Which tasks about bodies that changed somebody wants to see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """``state`` open or settled (withdrawn ones are with the settled); ``step`` of the open ones: ``first`` or ``second`` opinion, ``late``.

    ``region`` is the beginning of a code (GB/T 2260); empty means everything.
    """

    state: str = "open"
    event: str = ""
    step: str = ""
    region: str = ""
