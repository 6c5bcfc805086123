"""Where the pages read: the server that look-ups of this process read, the register's own database where none is lent."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from registry.kernel.db import Database
from registry.kernel.web.app import Context
from whois.lookups import Lookups

T = TypeVar("T")


async def read_with(context: Context, work: Callable[[Database], Awaitable[T]]) -> T:
    """Run ``work`` on a replica where there is one that keeps up; ``UNAVAILABLE`` when no server answers."""
    lent = context.extras.get("lookups")
    return await lent.reads.ask(work) if isinstance(lent, Lookups) else await work(context.db)
