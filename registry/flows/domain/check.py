"""domain:check (RFC 5731 section 3.1.1)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.domain.label import label_of
from registry.kernel.errors import Refusal, Text
from registry.kernel.names import split
from registry.model.answer import Availability
from registry.store import domains
from registry.store.domains import Standing

# eppcom:reasonBaseType has at most 32 characters.
TAKEN = Text("已注册（含异体）", "Registered, or a variant of it")
RETIRED = Text("保留给原使用单位", "Kept for the body that held it")
PENDING = Text("正在审核", "Under review")
NO_NAME = Text("标签不符合注册规则", "Not a registrable label")
NO_TOKEN = Text("分配令牌不符", "Allocation Token mismatch")  # the words of RFC 8495 section 3.1.1
NO_ZONE = Text("后缀不由本注册局管理", "Not a zone of this registry")


@dataclass(frozen=True, slots=True)
class CheckDomains:
    """The names in the order in which they were asked; ``token`` is the allocation token that is shown for them (RFC 8495)."""

    names: tuple[str, ...]
    token: str = field(default="", repr=False)


async def check_domains(act: Act, order: CheckDomains) -> dict[str, Availability]:
    """Which names nobody holds, under the spelling that was asked.

    Whether a given body may have one is the question of the name check, not of this command.
    """
    indexes = {name: index for name in order.names if (index := _index(name))}
    asked = [(name, split(name)[1].lower(), index) for name, index in indexes.items()]
    asker = {"token": order.token, "registrar_id": act.caller.id}
    found = await domains.standings(act.conn, asked, act.now, **asker) if asked else {}
    return {name: _availability(name in indexes, found.get(name)) for name in order.names}


def _index(name: str) -> str:
    try:
        return label_of(name).index
    except Refusal:
        return ""


def _availability(is_label: bool, standing: Standing | None) -> Availability:
    if not is_label:
        return Availability(available=False, reason=NO_NAME)
    if standing is None:
        return Availability(available=False, reason=NO_ZONE)
    reasons = (
        (standing.is_taken, TAKEN),
        (standing.is_retired, RETIRED),
        (standing.is_pending, PENDING),
        (standing.wants_token, NO_TOKEN),
    )
    reason = next((text for holds, text in reasons if holds), None)
    return Availability(available=reason is None, reason=reason)
