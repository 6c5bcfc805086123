"""What an operator sees at a glance. The health of the services is told elsewhere, on the port of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.application import WAITING, Stage
from registry.model.person import Person, Role
from registry.store import application_lists, oversight
from registry.store.application_lists import Line
from registry.store.oversight import ListedImport, ListedRegistrar

SHOWN = 20  # newest applications and imports
MAX_REGISTRARS = 500


@dataclass(frozen=True, slots=True)
class Overview:
    """``serves_portal`` is whether the registrar that the configuration names is there and active."""

    counts: Mapping[Stage, int]
    applications: tuple[Line, ...]
    registrars: tuple[ListedRegistrar, ...]
    imports: tuple[ListedImport, ...]
    portal_registrar: str
    serves_portal: bool


async def read_overview(act: Act, person: Person) -> Overview:
    """The overview. Refuses with NOT_PERMITTED everybody but an operator."""
    if person.role is not Role.OPERATOR:
        raise Refusal(Reason.NOT_PERMITTED, "只有系统管理员可以查看", "only operators see this", where="person")
    counts = await application_lists.waiting_by_stage(act.conn, None, sorted(WAITING))
    registrars = await oversight.list_registrars(act.conn, act.now, MAX_REGISTRARS)
    chosen = act.config.portal.registrar
    return Overview(
        counts={stage: counts.get(stage.value, 0) for stage in Stage if stage.is_waiting},
        applications=tuple(await application_lists.recent(act.conn, SHOWN)),
        registrars=tuple(registrars),
        imports=tuple(await oversight.list_imports(act.conn, SHOWN)),
        portal_registrar=chosen,
        serves_portal=any(one.id == chosen and one.status == "active" for one in registrars),
    )
