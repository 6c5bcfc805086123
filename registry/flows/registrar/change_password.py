"""A new password (RFC 5730 section 2.9.1.1, ``newPW``)."""

from dataclasses import dataclass, field

from registry.flows.act import Act


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """In clear; the old one was checked by the login that carries this."""

    registrar_id: str
    new_password: str = field(repr=False)


async def change_password(act: Act, order: ChangePassword) -> None:
    """Replace it from the next login on."""
    raise NotImplementedError
