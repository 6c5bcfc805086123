"""Files of the steering folder: official schemas and test labels that we test against and do not ship."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("ZHENGMING_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def shared_path(relative: str) -> Path:
    """The file, or a skip with its reason; where CI says that it runs, a missing file is a failure."""
    path = SHARED / relative
    if path.exists():
        return path
    if os.environ.get("CI") and SHARED.exists():
        pytest.fail(f"{relative} is missing in the steering folder")
    pytest.skip(f"no {relative} beside this checkout")
