"""Judge a name for a body: gather the facts, let policy decide, keep the decision (NAME-POLICY.md; design, law 1).

THE ONE PLACE where doors and other flows obtain a decision. Written by the lead as soon as registry/policy/naming/facts.py exists; call it as below.
"""

from registry.flows.act import Act
from registry.model.decision import Decision


async def judge_name(act: Act, name: str, uscc: str, *, holder_name: str = "", mapped: bool = False) -> tuple[Decision, int]:
    """The decision on ``name`` (label and TLD) for the body ``uscc``, and the number under which it is kept.

    ``mapped`` says that the name came through a door of people and may be mapped (full width, capitals, ``。``); EPP never maps.
    Never refuses: a name that cannot be is a decision ``refuse`` with its findings.
    """
    raise NotImplementedError
