"""The certificates of a fresh installation: an authority of our own, and a server certificate that it signed.

An operator who has better ones names them in the configuration; then nothing is made. A registrar's client certificate is trusted when this
authority (or the configured one) signed it, and bound to its registrar by its key.
"""

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.tls import Pair, issue, make_authority, read_pair

AUTHORITY = "正名私有根证书 Zhengming private authority"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def ensure_certificates(config: Config) -> None:
    """Make the certificate of every door that speaks TLS, where neither the configuration nor the key folder has one."""
    for door, configured in (("epp", config.epp.certificate_file), ("server", "")):
        if not configured and not config.secret(f"{door}.pem").exists():
            _make(config, door)


def _make(config: Config, door: str) -> None:
    authority = private_authority(config)
    names = tuple(dict.fromkeys((*LOOPBACK_NAMES, config.address)))
    issue(authority, config.address, SystemClock().now(), server_names=names).write(
        config.secret(f"{door}.pem"), config.secret(f"{door}.key"), (authority.certificate,)
    )


def private_authority(config: Config) -> Pair:
    """The authority of this installation, made on first use; its certificate is what clients and doors trust."""
    certificate, key = config.secret("client-ca.pem"), config.secret("client-ca.key")
    if not certificate.exists():
        make_authority(AUTHORITY, SystemClock().now()).write(certificate, key)
    return read_pair(certificate, key)
