"""The server's certificate, its key and the authority of client certificates: loaded once, loaded again when a file changes.

A TLS context hands its certificate to each new connection, so a renewed one is used from the next handshake on and no
session is dropped for it. A file that cannot be read (half written, of another key) changes nothing but a line in the log.
"""

import ssl
from pathlib import Path

from registry.kernel import tls
from registry.kernel.config import Config
from registry.kernel.errors import Fault
from registry.kernel.log import get_logger

_log = get_logger()


class Credentials:
    """``context`` is the one for all connections. Raises Fault, naming the file, when one is missing at the start."""

    def __init__(self, config: Config) -> None:
        self._certificate = config.secret("epp.pem", config.epp.certificate_file)
        self._key = config.secret("epp.key", config.epp.key_file)
        self._authority = config.secret("client-ca.pem", config.epp.client_ca_file)
        for path in self._files:
            if not path.exists():
                raise Fault(f"the EPP door needs {path}")
        self._seen = self._stamps()
        self.context = tls.server_context(self._certificate, self._key, self._authority)
        # An EPP session is long: resumption saves nothing, and it would outlive a certificate that was revoked meanwhile.
        self.context.options |= ssl.OP_NO_TICKET
        self.context.num_tickets = 0

    @property
    def _files(self) -> tuple[Path, Path, Path]:
        return self._certificate, self._key, self._authority

    def refresh(self) -> bool:
        """Load what changed on disk; whether something did."""
        try:
            stamps = self._stamps()
            if stamps == self._seen:
                return False
            self.context.load_cert_chain(self._certificate, self._key)
            self.context.load_verify_locations(self._authority)
        except (OSError, ssl.SSLError) as error:
            _log.error("certificate not loaded", error=str(error))
            return False
        self._seen = stamps
        _log.info("certificate loaded", file=str(self._certificate))
        return True

    def _stamps(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in self._files)
