"""A registrar or two, and codes on the books."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from registry.flows.act import Act, Caller
from registry.flows.runner import Runner
from registry.flows.verification.issue import Issued, issue_code
from registry.flows.verification.presented import Verified, read_codes
from registry.model.verification import PresentedCode

T = TypeVar("T")
USCC = "11100000000013039G"
LEGAL = "国家税务总局"
A = Caller("registrar", "registrar-a")
B = Caller("registrar", "registrar-b")
ADD_REGISTRAR = "insert into registrar (id, name, password_hash, created_at) values ($1, $1, '', $2)"


@dataclass(frozen=True, slots=True)
class Desk:
    """Acts of registrars on a fresh database."""

    runner: Runner

    async def act(self, work: Callable[[Act], Awaitable[T]], caller: Caller = A) -> T:
        return await self.runner.run(caller, work)

    async def issue(self, kind: str = "registrant", name: str = LEGAL, uscc: str = USCC, caller: Caller = A) -> Issued:
        return await self.act(lambda act: issue_code(act, kind, uscc, name, caller.id), caller)

    async def read(self, *encoded: str, caller: Caller = A) -> Verified:
        codes = tuple(PresentedCode(one) for one in encoded)
        return await self.act(lambda act: read_codes(act, codes), caller)


@pytest.fixture
async def desk(runner: Runner) -> Desk:
    for caller in (A, B):
        await runner.db.execute(ADD_REGISTRAR, caller.id, runner.clock.now())
    return Desk(runner)
