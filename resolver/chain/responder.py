"""Octets in, octets out: the packed path first, the reference chain for the rest."""

from collections.abc import Callable

from registry.kernel import metrics
from registry.kernel.log import get_logger
from resolver.chain import slow
from resolver.chain.fast import answer as answer_fast
from resolver.chain.limiting import IPV4_NETWORK, IPV4_OCTETS, IPV6_NETWORK, Limiter
from resolver.chain.options import PLAIN, Manners
from resolver.chain.steps import Zones
from resolver.statistics.tally import Tally

QUERIES = metrics.counter("dns_answers", "DNS answers by transport and response code.", "transport", "rcode")
Tap = Callable[[bytes, bytes | None, bytes, str], None]  # query, answer, client, transport
SERVFAIL = b"\x80\x02" + bytes(8)  # flags and four counts of zero
RCODES = (
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "6",
    "7",
    "8",
    "NOTAUTH",
    *map(str, range(10, 16)),
)


class Responder:
    """Answers from ``zones``; one a transport, so that counting costs one list store a query.

    ``limiter`` is for transports on which addresses can be forged. ``tally`` looks at one answer in so many as it says; ``tap`` sees all.
    """

    def __init__(
        self,
        zones: Zones,
        transport: str,
        manners: Manners = PLAIN,
        *,
        limiter: Limiter | None = None,
        tally: Tally | None = None,
        tap: Tap | None = None,
    ) -> None:
        self._zones = zones
        self.transport = transport
        self._over_udp = transport == "udp"
        self._manners = manners
        self._limiter, self._tally, self._tap = limiter, tally, tap
        self._weight = self._until_look = 1 if tally else 0
        self._counts = [0] * 16

    def answer(self, packet: bytes, client: bytes = b"") -> bytes | None:
        """The answer to a message of ``client`` (4 or 16 octets; empty when nobody knows), or None for what must not be answered.

        That is what has no header, is itself a response, or would help to flood somebody.
        """
        said = answer_fast(packet, self._zones, self._manners, client, over_udp=self._over_udp)
        if said is None:
            said = self._slowly(packet, client)
            if said is None:
                return None
        self._counts[said[3] & 0xF] += 1
        if self._until_look:
            self._until_look -= 1
            if not self._until_look and self._tally:
                self._weight = self._until_look = self._tally.look(packet, said, self.transport, self._weight)
        if self._limiter:
            seen = self._limiter.seen
            network = client[:IPV6_NETWORK] if len(client) > IPV4_OCTETS else client[:IPV4_NETWORK]
            seen[network] = number = seen.get(network, 0) + 1
            if number > self._limiter.rate and client:
                said = self._limiter.judge(packet, said, client)
        if self._tap:
            self._tap(packet, said, client, self.transport)
        return said

    def _slowly(self, packet: bytes, client: bytes) -> bytes | None:
        try:
            return slow.answer(packet, self._zones, self._manners, client, over_udp=self._over_udp)
        except Exception:  # noqa: BLE001  # a fault of ours must not become silence, nor stop the door
            get_logger().exception("a query could not be answered", packet=packet.hex())
            return packet[:2] + SERVFAIL

    def take_counts(self) -> list[int]:
        """Answers by the four bits of the response code since the last call."""
        taken, self._counts = self._counts, [0] * 16
        return taken


def count_answers(transport: str, counts: list[int]) -> None:
    """Put what :meth:`Responder.take_counts` gave, perhaps in another process, on the metrics page."""
    for rcode, number in enumerate(counts):
        if number:
            QUERIES.labels(transport, RCODES[rcode]).inc(number)
