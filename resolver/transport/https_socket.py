"""Where the web processes ask the DNS service: a Unix socket of its first process."""

from pathlib import Path

from registry.kernel.config import Config
from registry.kernel.paths import short_directory

NAME = "dns-https.sock"


def https_socket(config: Config) -> Path:
    """Its path; whoever calls first makes the directory."""
    return short_directory(config.data / "run") / NAME
