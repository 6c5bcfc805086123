"""Reads TXT records of the outside world, for the proof that a body controls its site."""

import dns.asyncresolver
import dns.exception
import dns.resolver

LIFETIME_SECONDS = 5.0  # for all tries of one question; the person who asked is waiting


class DnsTxt:
    """Asks the machine's resolvers, or those given (addresses; ``port`` for tests on loopback)."""

    def __init__(self, nameservers: tuple[str, ...] = (), port: int = 53) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=not nameservers)
        if nameservers:
            self._resolver.nameservers = list(nameservers)
            self._resolver.port = port
        self._resolver.lifetime = LIFETIME_SECONDS

    async def txt(self, name: str) -> list[str]:
        """The strings at ``name``; none when the name, the type or an answer is missing."""
        try:
            answer = await self._resolver.resolve(name, "TXT", search=False)
        except (dns.exception.DNSException, OSError):
            return []
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
