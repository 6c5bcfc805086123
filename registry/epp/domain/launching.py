"""The launch phase extension (RFC 8334) for a registry without trademark claims.

Two phases: ``open``, in which a name is registered, and ``custom`` with the name ``review``, in which a name waits for a reviewer as an
application. A client need not know beforehand which it will be: a create of either phase, or of none, becomes an application when the
policy wants a reviewer, and the answer then says its id.
"""

from registry.epp.answer import Piece
from registry.epp.markup import element, root, tag
from registry.epp.namespaces import LAUNCH
from registry.epp.request import Asked, ElementName
from registry.epp.xml_node import Node
from registry.kernel.errors import Reason, Refusal

CHECK = (LAUNCH, "check")
CREATE = (LAUNCH, "create")
INFO = (LAUNCH, "info")
DELETE = (LAUNCH, "delete")
OPEN = "open"
REVIEW = ("custom", "review")  # phase and its name
ALLOWED = {(OPEN, ""): "registration", REVIEW: "application"}  # phase and the type of its creates
# RFC 8334 section 2.6.1: what the stages of an application are called there. That a first reviewer had an opinion is not told.
STATUSES = {
    "submitted": ("pendingValidation", ""),
    "endorsed": ("pendingValidation", ""),
    "objected": ("pendingValidation", ""),
    "approved": ("allocated", ""),
    "refused": ("rejected", ""),
    "withdrawn": ("custom", "withdrawn"),
}


def check_phase(asked: Asked) -> None:
    """Refuses a ``launch:create`` of a phase that is not ours, with marks, or with the type of the other phase."""
    create = asked.extensions.get(CREATE)
    if create is None:
        return
    has_marks = any(node.name != "phase" for node in create)
    wanted = ALLOWED.get(_phase(create))
    if wanted is None or create.attribute("type", wanted) != wanted or has_marks:
        raise _no_phase(create)


def is_claims_check(asked: Asked) -> bool:
    """Whether a check asks for claims, not for availability (RFC 8334 section 3.1.1); refuses the trademark form."""
    check = asked.extensions.get(CHECK)
    if check is None:
        return False
    form = check.attribute("type", "claims")
    if form == "trademark" or (form == "avail" and check.has("phase") and _phase(check) not in ALLOWED):
        raise _no_phase(check)
    return form == "claims"


def read_application(asked: Asked, wanted: ElementName) -> tuple[bool, str]:
    """Whether the command is about an application (phase ``review``), and its id when one is given."""
    node = asked.extensions.get(wanted)
    if node is None or (wanted == INFO and _phase(node) == (OPEN, "")):
        return False, ""
    if _phase(node) != REVIEW:
        raise _no_phase(node)
    return True, node.text("applicationID")


def write_claims(asked: Asked) -> tuple[Piece, ...]:
    """No name has a claim: 正名 keeps no trademark claims."""
    check = asked.extensions[CHECK]
    phase = [tag("launch:phase", check.text("phase"))] if check.has("phase") else []
    lines = [element("launch:cd", tag("launch:name", name, exists="0")) for name in asked.node.texts("name")]
    return (Piece(LAUNCH, root("launch:chkData", *phase, *lines)),)


def write_created(application_id: str) -> tuple[Piece, ...]:
    """``launch:creData`` with the id of the application, or nothing for a name that was registered at once."""
    if not application_id:
        return ()
    return (Piece(LAUNCH, root("launch:creData", _review(), tag("launch:applicationID", application_id))),)


def write_standing(application_id: str, stage: str) -> tuple[Piece, ...]:
    """``launch:infData``: where the application stands; for info and for poll messages (which older ones have no id for)."""
    if not application_id:
        return ()
    status, name = STATUSES[stage]
    told = element("launch:status", s=status, **({"name": name} if name else {}))
    data = root("launch:infData", _review(), tag("launch:applicationID", application_id), told)
    return (Piece(LAUNCH, data),)


def _review() -> str:
    phase, name = REVIEW
    return tag("launch:phase", phase, name=name)


def _phase(node: Node) -> tuple[str, str]:
    phase = node.child("phase")
    return (phase.token, phase.attribute("name")) if phase is not None else ("", "")


def _no_phase(node: Node) -> Refusal:
    phase = node.text("phase")
    return Refusal(
        Reason.POLICY_FORBIDS,
        "本注册局只有 open 阶段（登记）和名为 review 的 custom 阶段（申请），按主体核验分配名称，不使用商标",
        "this registry has the phase open (registrations) and the phase custom named review (applications); "
        "names are assigned by verification of the body, not by marks",
        where="launch:phase",
        value=phase,
    )
