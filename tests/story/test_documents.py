"""The README and the guides tell the truth: their commands are run, and what they print is what the pages say."""

import os
from pathlib import Path

import pytest

from registry.kernel.config import load_config
from tests.kit.system import ROOT, System
from tests.kit.transcript import matches, read_steps, run_steps

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("story")]

DOCUMENTS = ["README.md", "docs/registrars.md"]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> "object":
    """A system of its own: the tour begins with a register that holds nothing of it."""
    with System(tmp_path_factory.mktemp("tour") / "data") as running:
        yield running


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_commands_print_what_the_page_says(fresh: System, document: str) -> None:
    """Every command of the page, in order, in one shell, beside a fresh system."""
    path = ROOT / document
    steps = read_steps(path)
    assert len(steps) >= 5
    local = {
        "8702": str(fresh.port("dns")),
        "8703": str(fresh.port("whois")),
        "8701": str(fresh.port("epp")),
        "var/demo": f"{fresh.data}/demo",
    }
    translated = [type(step)(step.line, _replace(step.command, local), step.expected) for step in steps]
    environment = {**os.environ, "ZHENGMING_DATA": str(fresh.data), "PWD": str(ROOT)}
    printed = run_steps(translated, ROOT, environment)
    for step, lines in zip(steps, printed, strict=True):
        assert matches(step.expected, lines), (
            f"{document}:{step.line}: {step.command}\nsays\n"
            + "\n".join(step.expected)
            + "\nbut prints\n"
            + "\n".join(lines)
        )


def _replace(command: str, local: dict[str, str]) -> str:
    for word, ours in local.items():
        command = command.replace(word, ours)
    return command


def test_the_example_configuration_is_valid() -> None:
    """The configuration that is shipped for operators has no unknown key."""
    config = load_config(ROOT / "deploy" / "zhengming.toml")

    assert not config.address.startswith("127.")
    assert config.workers == 2


def test_the_unit_file_starts_what_the_command_line_offers() -> None:
    """The systemd unit calls ``zhengming up`` with arguments that exist."""
    unit = (ROOT / "deploy" / "zhengming.service").read_text()

    assert "zhengming up --data" in unit
    assert "Restart=always" in unit
    assert Path(ROOT / "LICENSE").exists()
