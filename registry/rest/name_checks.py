"""``POST /api/v1/name-checks``: what a name would get, for anybody who asks (CONTRACT, "The name decision")."""

from typing import Annotated

import msgspec

from registry.flows.act import Act
from registry.flows.naming import judge
from registry.model.decision import Decision
from registry.rest.door import PUBLIC, Answer, Asked, Door, to_json
from registry.rest.reading import storable

MAX_NAME = 1024  # a name has 253 octets; what is longer but within this is told so by the decision itself
MAX_CODE = 64  # a code has 18 characters; a pasted one may be spaced or full width


class NameCheck(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``name`` is label and TLD as a person writes it; ``holder_name`` what the body calls itself, when it was said."""

    name: Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
    uscc: Annotated[str, msgspec.Meta(max_length=MAX_CODE)]
    holder_name: Annotated[str, msgspec.Meta(max_length=MAX_NAME)] = ""


async def check_name(door: Door, asked: Asked) -> Answer:
    """The decision, also when it is a refusal: HTTP 200."""
    order = asked.order(NameCheck)

    async def flow(act: Act) -> Decision:
        decision, _ = await judge.check_name(
            act, storable(order.name), storable(order.uscc), holder_name=storable(order.holder_name), mapped=True
        )
        return decision

    decision = await door.runner.run(PUBLIC, flow)
    return Answer(200, to_json(decision.as_json()))
