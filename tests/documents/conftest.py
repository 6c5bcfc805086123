"""An act that documents belong to."""

from pathlib import Path

import pytest

from registry.flows.act import Caller
from registry.flows.institution.draft import DraftAct, draft_act
from registry.flows.runner import Runner
from registry.model.institution import ActKind
from tests.institutions.place import AGENCY, CODE, FOUNDATION


@pytest.fixture
async def act_id(runner: Runner, tmp_path: Path) -> str:
    """A foundation that somebody draws up."""
    order = DraftAct(ActKind.ESTABLISH, CODE, FOUNDATION)
    return await runner.run(Caller("person", AGENCY.username), lambda act: draft_act(act, AGENCY, order))
