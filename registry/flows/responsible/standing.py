"""What the responsible person's word means for a decision. Pure."""

from registry.kernel.errors import Reason, Refusal
from registry.store.responsible import Responsible

CONFIRMED, DENIED = "confirmed", "denied"


def check_answered(one: Responsible | None) -> None:
    """Refuse (STATUS_FORBIDS) an approval while whoever was named has not confirmed."""
    if one is not None and one.answer != CONFIRMED:
        denied = one.answer == DENIED
        zh = "责任人否认了这件申请" if denied else "责任人尚未确认这件申请"
        en = (
            "the responsible person denied this application"
            if denied
            else "the responsible person has not confirmed it yet"
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="responsible", value=one.answer)
