"""How often one place may send the form."""

import ipaddress

from registry.kernel.web.limits import Buckets, allow

PER_SECOND, BURST = 2.0, 60.0  # whole forms; each is up to five decisions


def form_buckets() -> Buckets:
    """The buckets of one process."""
    return Buckets(PER_SECOND, BURST)


def ask(buckets: Buckets, address: str | None, now: float) -> None:
    """Count one form; refuses with RATE_LIMITED. This machine is not limited: there sits a proxy, which limits its own callers."""
    if not _is_loopback(address):
        allow(buckets, address, now)


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return True  # a Unix socket has no address and is on this machine
