"""domain:transfer (RFC 5731 sections 3.1.3 and 3.2.4)."""

from typing import Literal, cast

from registry.epp.answer import Answer, Piece
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.fields import read_years
from registry.epp.domain.tokens import read_token
from registry.epp.fields import read_secret
from registry.epp.markup import moment, root, tag
from registry.epp.namespaces import DOMAIN
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.flows.domain.transfer import TransferDomain
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import TransferState

Operation = Literal["request", "query", "approve", "reject", "cancel"]


def read_domain_transfer(asked: Asked) -> TransferDomain:
    """The order; the operation is the attribute ``op`` of the outer element."""
    node = asked.node
    operation = cast("Operation", asked.operation)  # the schema allows no other
    return TransferDomain(operation, node.text("name"), read_years(node), read_secret(node), _token(asked))


def _token(asked: Asked) -> str:
    token = read_token(asked)
    if token and asked.operation != "request":
        raise Refusal(
            Reason.EXTENSION_UNSUPPORTED,
            "分配令牌只能与转移申请（request）一同出示",
            "an allocation token stands beside a transfer request only",
            where="allocationToken",
        )
    return token


def write_domain_transfer(asked: Asked, state: TransferState, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """1001 when the request now waits for the losing registrar, else 1000."""
    waits = asked.operation == "request" and state.status == "pending"
    return Answer(Code.PENDING if waits else Code.OK, write_transfer(state), write_bundle(state.members, "trnData"))


def write_transfer(state: TransferState) -> Piece:
    """``domain:trnData``, for this command and for poll messages."""
    transfer = state.transfer
    data = root(
        "domain:trnData",
        tag("domain:name", state.name),
        tag("domain:trStatus", state.status),
        tag("domain:reID", transfer.gaining),
        moment("domain:reDate", transfer.requested_at),
        tag("domain:acID", transfer.losing),
        moment("domain:acDate", transfer.acts_at),
        moment("domain:exDate", state.expires_at),
    )
    return Piece(DOMAIN, data)
