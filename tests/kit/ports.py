"""Free ports for a system that a test starts."""

import socket
from contextlib import ExitStack

from registry.kernel.config import PORTS


def free_port_base() -> int:
    """A port base whose doors were all free a moment ago, on TCP and UDP."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            base: int = probe.getsockname()[1]
        if base + len(PORTS) < 65000 and _all_free(base):
            return base


def _all_free(base: int) -> bool:
    with ExitStack() as stack:
        for offset in PORTS.values():
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
                try:
                    probe.bind(("127.0.0.1", base + offset))
                except OSError:
                    return False
    return True
