"""How often one caller may ask, by kind of caller; the buckets live in each worker."""

import ipaddress
import math
from dataclasses import dataclass, field

from registry.kernel.clock import Clock
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.limits import Buckets, place_of


def _public() -> Buckets:
    """A person at a form asks about twice a second; the burst is a list pasted by an office behind one address."""
    return Buckets(per_second=10, burst=300)


def _tokens() -> Buckets:
    """An honest client asks once an hour; each try costs us a password hash, and guessing must stay slow."""
    return Buckets(per_second=0.5, burst=60)


def _clients() -> Buckets:
    """More than the database of one machine commits: it only stops a client that runs wild."""
    return Buckets(per_second=300, burst=3000)


def _batches() -> Buckets:
    """A batch takes a second or two, and batches are carried out one after the other; the burst is a hundred thousand rows."""
    return Buckets(per_second=0.5, burst=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """The buckets of the door. All methods refuse with RATE_LIMITED, ``retry_after`` in the evidence."""

    clock: Clock
    public: Buckets = field(default_factory=_public)
    tokens: Buckets = field(default_factory=_tokens)
    clients: Buckets = field(default_factory=_clients)
    batches: Buckets = field(default_factory=_batches)

    def ask_publicly(self, address: str | None) -> None:
        """One question without a token.

        This machine itself is not limited: there sits a reverse proxy, which limits its own callers, or the operator.
        """
        if not _is_loopback(address):
            self._take(self.public, place_of(address))

    def ask_for_token(self, client_id: str, address: str | None) -> None:
        """One try to sign in as this client from this place; another place cannot use up the client's tries."""
        self._take(self.tokens, f"{client_id} {place_of(address)}")

    def ask_as(self, client_id: str) -> None:
        """One request of a client that has signed in."""
        self._take(self.clients, client_id)

    def send_batch_as(self, client_id: str) -> None:
        """One large request of a client that has signed in."""
        self._take(self.batches, client_id)

    def _take(self, buckets: Buckets, key: str) -> None:
        wait = math.ceil(buckets.wait(key, self.clock.monotonic()))
        if wait:
            zh, en = f"请求过于频繁，请在 {wait} 秒后再试", f"too many requests; please try again in {wait} seconds"
            raise Refusal(Reason.RATE_LIMITED, zh, en, evidence={"retry_after": wait})


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return True  # a Unix socket has no address and is on this machine
