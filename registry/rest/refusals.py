"""A refused name as a problem: what RFC 9457 asks for, and beside it the whole decision with its findings."""

from registry.flows.idempotency.once import Outcome
from registry.kernel.errors import Reason, Refusal
from registry.model.decision import Decision
from registry.rest.door import to_json
from registry.rest.problems import problem_body


def refused_name(decision: Decision, base_url: str) -> Outcome:
    """422 with the decision's own members (``decision``, ``findings``, ``suggestions`` …) beside those of a problem."""
    told = decision.as_json()
    problem = problem_body(_refusal(decision), base_url)
    return Outcome(422, to_json({**told, **problem}))


def _refusal(decision: Decision) -> Refusal:
    zh = "；".join(finding.message.zh for finding in decision.deciding) or "名称未通过"
    en = "; ".join(finding.message.en for finding in decision.deciding) or "the name was refused"
    return Refusal(Reason.NAME_REFUSED, zh, en, where="name", value=decision.name)
