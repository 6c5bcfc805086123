"""Octets in, octets out: the packed path first, the reference chain for the rest."""

from registry.kernel import metrics
from registry.kernel.log import get_logger
from resolver.chain import fast, slow
from resolver.chain.steps import Zones

QUERIES = metrics.counter("dns_answers", "DNS answers by transport and response code.", "transport", "rcode")
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
    """Answers from ``zones``; one a transport, so that counting costs one list store a query."""

    def __init__(self, zones: Zones, transport: str) -> None:
        self._zones = zones
        self._over_udp = transport == "udp"
        self._counts = [0] * 16
        self._counters = [QUERIES.labels(transport, rcode) for rcode in RCODES]

    def answer(self, packet: bytes) -> bytes | None:
        """The answer to a message, or None for what must not be answered (no header, or itself a response)."""
        said = fast.answer(packet, self._zones, over_udp=self._over_udp)
        if said is None:
            said = self._slowly(packet)
            if said is None:
                return None
        self._counts[said[3] & 0xF] += 1
        return said

    def _slowly(self, packet: bytes) -> bytes | None:
        try:
            return slow.answer(packet, self._zones, over_udp=self._over_udp)
        except Exception:  # noqa: BLE001  # a fault of ours must not become silence, nor stop the door
            get_logger().exception("a query could not be answered", packet=packet.hex())
            return packet[:2] + SERVFAIL

    def tell(self) -> None:
        """Move what was counted to the metrics; called now and then."""
        for rcode, number in enumerate(self._counts):
            if number:
                self._counters[rcode].inc(number)
                self._counts[rcode] = 0
