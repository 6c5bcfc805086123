"""A bureau is merged while everything runs: its name, its mark and its WHOIS follow what two reviewers decide, and DNS never blinks."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.establishment.exporting import write_bodies
from registry.kernel.names import to_a
from registry.model.body import Body
from registry.policy.codes import compose
from tests.kit import epp
from tests.kit.dig import dig
from tests.kit.system import System
from tests.kit.whois import whois

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("story")]

OLD = Body(
    uscc=compose("11", "430121", "00000401"), name="长沙县渔政局", kind="11", administrative=True, region="430121", level="county",
    changed_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
)  # fmt: skip
HEIR = replace(OLD, uscc=compose("11", "430121", "00000402"), name="长沙县渔政农机局")
MERGED = replace(OLD, status="merged", successor_uscc=HEIR.uscc, changed_at=datetime(2026, 2, 5, 2, tzinfo=UTC))
NAME = "长沙县渔政局.政务"
SERVER = "ns1.yuzheng.example"


def brings(system: System, folder: Path, *bodies: Body) -> None:
    """What the establishment database says from now on."""
    write_bodies(folder / "bodies.csv", bodies)
    system.cli("establishment", "import", str(folder / "bodies.csv"))


def delegated(system: System) -> bool:
    """Whether DNS refers to the bureau's server."""
    return SERVER in dig(system.port("dns"), to_a(NAME), "NS", "+norecurse")


def registered(system: System) -> None:
    """The bureau's name, over EPP."""
    asked = {"type": "registrant", "uscc": OLD.uscc, "name": OLD.name}
    status, code = system.http("POST", "/api/v1/verifications", asked, system.token("registrar-a"))
    assert status == 201, code
    frames = [
        epp.create_contact("yuzheng-1"),
        epp.create_host(SERVER),
        epp.create_domain(to_a(NAME), hosts=(SERVER,), registrant="yuzheng-1", code=code["encoded_signed_code"]),
    ]
    answers = epp.net_epp(system, "registrar-a", [["frame", frame.decode()] for frame in frames])
    assert [answer["code"] for answer in answers] == [1000] * 3


def test_a_merged_bureau_is_followed_by_its_successor(system: System, tmp_path: Path) -> None:
    """Import, task, proposal, agreement, holder, mark and WHOIS, each by the door that people use."""
    brings(system, tmp_path, OLD)
    registered(system)
    system.cli("mark", "issue", "--uscc", OLD.uscc, "--origin", f"https://www.{NAME}/", "--attested", "窗口核验")
    brings(system, tmp_path, HEIR, MERGED)
    (task,) = json.loads(system.cli("body", "tasks", "--by", "reviewer-county", "--json").stdout)["tasks"]
    number = str(task["id"])
    assert (task["event"], task["successors"], len(task["marks"])) == ("merged", [HEIR.uscc], 1)
    assert OLD.uscc in whois(system.port("whois"), NAME)
    assert delegated(system)

    choice = f"{NAME}=follow:{HEIR.uscc}"
    system.cli("body", "propose", number, "--choice", choice, "--reason", "承继全部职能", "--by", "reviewer-county")
    shown = json.loads(system.cli("body", "task", number, "--by", "reviewer-city", "--json").stdout)
    alone = system.cli(
        "body", "approve", number, "--seen", shown["proposed_at"], "--by", "reviewer-county", check=False
    )
    assert alone.returncode != 0
    system.cli("body", "approve", number, "--seen", shown["proposed_at"], "--by", "reviewer-city")

    answer = whois(system.port("whois"), NAME)
    assert f"Registrant USCC: {HEIR.uscc}" in answer
    assert f"Previous Registrant: {OLD.name} {OLD.uscc}" in answer
    assert delegated(system)
    began = time.monotonic()
    while "genuine" not in (answer := whois(system.port("whois"), NAME)):
        assert time.monotonic() - began < 10, answer
        time.sleep(0.2)
    assert task["marks"][0]["id"] not in answer
