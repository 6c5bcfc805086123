"""What followers of the feed need of a change of a host."""

from collections.abc import Iterable
from typing import Any

from registry.store.hosts import Use


def host_detail(name: str, uses: Iterable[Use], former_name: str = "") -> dict[str, Any]:
    """``domains``: every name of every domain that delegates to it or that it lies under; ``zones`` those names stand in."""
    found = tuple(uses)
    detail: dict[str, Any] = {
        "name": name,
        "domains": sorted({one for use in found for one in use.names}),
        "zones": sorted({use.zone for use in found}),
    }
    return {**detail, "former_name": former_name} if former_name else detail
