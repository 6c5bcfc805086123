"""One running system for the stories that do not break it."""

from collections.abc import Iterator

import pytest

from tests.kit.system import System


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """``zhengming up --demo``, ready."""
    with System(tmp_path_factory.mktemp("system") / "data") as running:
        yield running
