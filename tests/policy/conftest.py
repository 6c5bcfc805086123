"""How many examples the properties of the decision try: some hundred here, 20,000 in CI, a million at night.

``HYPOTHESIS_PROFILE=ci`` or ``nightly`` chooses. Only this folder is meant: a million examples of everything would take days.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

PROFILES = {"ci": 20_000, "nightly": 1_000_000}
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "")

for name, examples in PROFILES.items():
    settings.register_profile(name, max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
if PROFILE in PROFILES:  # read by the test modules, which are imported after this file
    os.environ.setdefault("ZHENGMING_EXAMPLES", str(PROFILES[PROFILE]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long profile may take as long as it takes."""
    for item in items:
        if PROFILE in PROFILES and "policy" in item.nodeid.split("/"):
            item.add_marker(pytest.mark.timeout(0))
