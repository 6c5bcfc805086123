"""Write down what time did: transfers that nobody answered, renewals that came due, restores without a report, proofs that did not come.

An expired name keeps resolving (design, law 9).
"""

from collections.abc import Awaitable, Callable
from functools import partial

from registry.flows.act import Act, Caller
from registry.flows.contact.settle import SettleContact, settle_contact
from registry.flows.domain.remind_proof import RemindProof, remind_proof
from registry.flows.domain.settle import SettleDomain, settle_domain
from registry.flows.runner import Runner
from registry.store import due

CALLER = Caller("job", "settle-due")
Work = Callable[[Act], Awaitable[bool]]


async def settle_due(runner: Runner) -> int:
    """One act an object; returns how many changed."""
    now = runner.clock.now()
    works: list[Work] = [partial(_settle, name) for name in await due.to_settle(runner.db, now)]
    works += [partial(_settle_contact, identifier) for identifier in await due.contacts_to_settle(runner.db, now)]
    works += [partial(_remind, name) for name in await due.unproved(runner.db, now)]
    return sum([await runner.run(CALLER, work) for work in works])


async def _settle(name: str, act: Act) -> bool:
    return await settle_domain(act, SettleDomain(name))


async def _settle_contact(identifier: str, act: Act) -> bool:
    return await settle_contact(act, SettleContact(identifier))


async def _remind(name: str, act: Act) -> bool:
    return await remind_proof(act, RemindProof(name))
