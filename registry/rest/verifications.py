"""``/api/v1/verifications``: codes that prove a body or a name (``verificationCode-1.0``)."""

from typing import Annotated, Literal

import msgspec

from registry.flows.act import Act
from registry.flows.idempotency.once import Outcome
from registry.flows.verification.find import FindVerification, FoundVerification, find_verification
from registry.flows.verification.issue import Issued, IssueVerification, Refused, Waiting, issue_verification
from registry.model.decision import Decision
from registry.rest.door import Answer, Asked, Door, act_as_client, to_json
from registry.rest.name_checks import MAX_CODE, MAX_NAME
from registry.rest.reading import storable
from registry.rest.refusals import refused_name

PATH = "/api/v1/verifications"


class NewVerification(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``name`` is the legal name for type ``registrant``, LABEL.TLD for type ``domain``."""

    type: Literal["registrant", "domain"]
    uscc: Annotated[str, msgspec.Meta(max_length=MAX_CODE)]
    name: Annotated[str, msgspec.Meta(max_length=MAX_NAME)]


async def create_verification(door: Door, asked: Asked) -> Answer:
    """201 with a signed code, 202 with an application that a reviewer decides, 422 with the findings."""
    order = asked.order(NewVerification)

    async def work(act: Act) -> Outcome:
        made = await issue_verification(
            act, IssueVerification(order.type, storable(order.uscc), storable(order.name), mapped=True)
        )
        match made:
            case Issued():
                return Outcome(201, to_json(_issued(made)))
            case Waiting():
                return Outcome(202, to_json(_waiting(made)))
            case Refused():
                return refused_name(made.decision, door.base_url)

    outcome = await act_as_client(door, asked, work)
    return Answer.of(outcome, PATH)


async def show_verification(door: Door, asked: Asked) -> Answer:
    """A code of this registrar by its text, or what became of an application by its id."""

    async def work(act: Act) -> Outcome:
        found = await find_verification(act, FindVerification(asked.part("id")))
        return Outcome(200, to_json(_found(found)))

    return Answer.of(await act_as_client(door, asked, work))


def _issued(made: Issued) -> dict[str, object]:
    return {
        "id": made.code,
        "type": made.type,
        "state": "issued",
        "code": made.code,
        "encoded_signed_code": made.encoded,
        "uscc": made.uscc,
        "name": made.name,
        "issued_at": made.issued_at,
        "expires_at": made.expires_at,
    }


def _waiting(made: Waiting) -> dict[str, object]:
    return {
        "id": made.application_id,
        "application_id": made.application_id,
        "state": "submitted",
        **_decided(made.decision),
    }


def _found(found: FoundVerification) -> dict[str, object]:
    body = _issued(found.issued) if found.issued else {}
    return {**body, "id": found.id, "type": found.type, "state": found.state}


def _decided(decision: Decision) -> dict[str, object]:
    told = decision.as_json()
    return {"decision": told["decision"], "findings": told["findings"], "policy_version": told["policy_version"]}
