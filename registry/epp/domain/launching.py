"""launch-1.0 (RFC 8334) for a registry whose only phase is ``open``: names of public bodies are decided by who the body is,
at any time, not by marks in a launch period. The claims check is answered (no name has claims); anything else of another phase is refused.
"""

from registry.epp.answer import Answer, Piece
from registry.epp.markup import element, root, tag
from registry.epp.namespaces import LAUNCH
from registry.epp.request import Asked
from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal

CHECK = (LAUNCH, "check")
CREATE = (LAUNCH, "create")
OPEN = "open"


def check_phase(asked: Asked) -> None:
    """Refuses a ``launch:create`` that is not a plain registration in the open phase."""
    create = asked.extensions.get(CREATE)
    if create is None:
        return
    has_marks = any(node.name != "phase" for node in create)
    if create.text("phase") != OPEN or create.attribute("type", "registration") != "registration" or has_marks:
        raise _no_phase(create)


def is_claims_check(asked: Asked) -> bool:
    """Whether a check asks for claims, not for availability (RFC 8334 section 3.1.1); refuses the trademark form."""
    check = asked.extensions.get(CHECK)
    if check is None:
        return False
    form = check.attribute("type", "claims")
    if form == "trademark" or (form == "avail" and check.text("phase", OPEN) != OPEN):
        raise _no_phase(check)
    return form == "claims"


def write_claims(asked: Asked) -> Answer:
    """No name has a claim: 正名 keeps no trademark claims."""
    check = asked.extensions[CHECK]
    phase = [tag("launch:phase", check.text("phase"))] if check.has("phase") else []
    lines = [element("launch:cd", tag("launch:name", name, exists="0")) for name in asked.node.texts("name")]
    return Answer(extensions=(Piece(LAUNCH, root("launch:chkData", *phase, *lines)),))


def _no_phase(node: Node) -> Refusal:
    phase = node.text("phase")
    return Refusal(
        Reason.POLICY_FORBIDS,
        "本注册局只有 open 阶段，按主体核验分配名称，不使用商标",
        "this registry only has the phase open; names are assigned by verification of the body, not by marks",
        where="launch:phase",
        value=phase,
    )
