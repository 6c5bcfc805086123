"""The traditional spelling of a bundle: proposed by phrase, chosen by people, stored at registration."""

import pytest

from registry.flows.act import Caller
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.settle_application import SettleDomainApplication, settle_domain_application
from registry.kernel.errors import Reason
from registry.kernel.names import to_a
from tests.flows.world import ORG, TEST, A, World

REVIEWER = Caller("person", "reviewer")
NAME = f"{to_a('台湾大学')}.{TEST}"


async def spellings(world: World, name: str) -> set[str]:
    found = (await world.do(A, info_domain, InfoDomain(name))).domain
    return {member.unicode.partition(".")[0] for member in found.members}


async def test_without_a_choice_the_phrase_decides(world: World) -> None:
    """The proposed spelling is that of the dictionary."""
    await world.domain(NAME)
    assert await spellings(world, NAME) == {"台湾大学", "臺灣大學"}


@pytest.mark.parametrize("written", ["台灣大學", f"台灣大學.{TEST}", "台灣大學。公益"])
async def test_the_applicant_chooses_among_the_forms_of_the_table(world: World, written: str) -> None:
    """Another preferred form is taken as it was written, as a label or as a whole name, and its neighbours are withheld."""
    await world.domain(NAME, traditional=written)
    assert await spellings(world, NAME) == {"台湾大学", "台灣大學"}


@pytest.mark.parametrize("written", ["台湾大學", "中國大學", "臺灣", "臺灣大學x", "\ud800"])
async def test_what_is_no_form_of_the_label_is_refused(world: World, written: str) -> None:
    """Mixed spellings, other names and nonsense are refused before anything is written."""
    order = CreateDomain(NAME, registrant="c-1", traditional=written)
    refusal = await world.refused(A, create_domain, order, Reason.VALUE_INVALID)
    assert refusal.where == "traditional"


@pytest.mark.parametrize(
    ("asked", "decided", "stored"), [("後里", "", "後里"), ("", "後裡", "後裡"), ("後里", "後裡", "後裡")]
)
async def test_the_reviewer_may_choose_another(world: World, asked: str, decided: str, stored: str) -> None:
    """The applicant's choice waits with the application; what the reviewer chooses at the approval stands above it."""
    uscc = await world.body("后里大学", "12", "00000141")
    name = f"{to_a('后里')}.{ORG}"
    made = await world.domain(name, uscc=uscc, traditional=asked)
    assert made.is_pending
    order = SettleDomainApplication(made.application_id, is_approved=True, reason="简称", traditional=decided)
    await world.do(REVIEWER, settle_domain_application, order)

    assert await spellings(world, name) == {"后里", stored}
