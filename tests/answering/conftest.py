"""The service and its configuration, as the resolver's own tests have them."""

from tests.resolver.conftest import dns_config, service, zones_db

__all__ = ["dns_config", "service", "zones_db"]
