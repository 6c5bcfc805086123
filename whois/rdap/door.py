"""What the web process needs of RDAP: what look-ups share there, the desk, and the lane before the application."""

from asyncio import Protocol
from collections.abc import Callable

from registry.kernel.service import Parts
from registry.kernel.web.bearers import Bearers
from whois.lookups import Lookups
from whois.rdap.desk import Desk
from whois.rdap.lane import Head, Lane


class RdapDoor:
    """``desk`` is lent to the routes as ``extras["rdap"]``, ``lookups`` to the pages as ``extras["lookups"]``."""

    def __init__(self, parts: Parts, bearers: Bearers) -> None:
        self.lookups = Lookups(parts.config, parts.db, parts.clock, "rdap")
        self.desk = Desk(parts.config, parts.clock, self.lookups, bearers)
        self._head = Head(parts.clock, https=parts.config.public_url.startswith("https://"))

    async def start(self) -> None:
        """Begin to remember answers."""
        await self.lookups.start()

    async def close(self) -> None:
        """Forget them."""
        await self.lookups.close()

    def lane(self, application: Callable[[], Protocol]) -> Callable[[], Protocol]:
        """The protocol factory to listen with; ``application`` is that of the web application."""
        return lambda: Lane(self.desk, self._head, application)


def create(parts: Parts, bearers: Bearers) -> RdapDoor:
    """Build it."""
    return RdapDoor(parts, bearers)
