"""What ``zhengming serve epp`` runs."""

from registry.epp.server import EppServer
from registry.flows.runner import Runner
from registry.kernel.service import Parts, Service


def create(parts: Parts) -> Service:
    """The registrars' door over the given database and clock."""
    return EppServer(Runner(parts.db, parts.clock, parts.config))
