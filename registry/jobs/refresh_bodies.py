"""Renew the search keys of bodies that a large import left behind (``registry.establishment.search_refresh``)."""

from registry.establishment.search_refresh import refresh_search
from registry.flows.runner import Runner


async def refresh_bodies(runner: Runner) -> int:
    """Nothing when nothing waits. Returns how many bodies were renewed."""
    return await refresh_search(runner.db)
