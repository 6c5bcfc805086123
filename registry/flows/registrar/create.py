"""Creating a registrar's account."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.model.registrar import Registrar


@dataclass(frozen=True, slots=True)
class CreateRegistrar:
    """``id`` is the EPP clID (3 to 16 characters); ``password`` in clear; ``iana_id`` None when it has none."""

    id: str
    name: str
    password: str = field(repr=False)
    iana_id: int | None = None
    email: str = ""
    phone: str = ""
    url: str = ""
    address: str = ""


async def create_registrar(act: Act, order: CreateRegistrar) -> Registrar:
    """Create an active registrar."""
    raise NotImplementedError
