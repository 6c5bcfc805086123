"""The register of the WHOIS tests."""

from tests.whois.conftest import config, db, world, written

__all__ = ["config", "db", "world", "written"]
