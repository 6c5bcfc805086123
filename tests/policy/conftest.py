"""How long the properties of the decision search.

``ZHENGMING_EXAMPLES`` sets how many examples the property "no text raises" tries: 300 unless told otherwise, 20,000 in CI, a million
in a nightly run (``make nightly``). The other properties try a few hundred always.
"""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long search may take as long as it takes."""
    for item in items:
        if "ZHENGMING_EXAMPLES" in os.environ and "test_decision_properties" in item.nodeid:
            item.add_marker(pytest.mark.timeout(0))
