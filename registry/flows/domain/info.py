"""domain:info (RFC 5731 section 3.1.2)."""

from dataclasses import dataclass, field
from typing import Literal

from registry.flows.act import Act
from registry.model.answer import DomainView


@dataclass(frozen=True, slots=True)
class InfoDomain:
    """``name`` may be any member of a bundle (RFC 9095). ``hosts`` is the attribute of RFC 5731 section 3.1.2."""

    name: str
    auth: str | None = field(default=None, repr=False)
    hosts: Literal["all", "del", "sub", "none"] = "all"


async def info_domain(act: Act, order: InfoDomain) -> DomainView:
    """The domain as this caller may see it now."""
    raise NotImplementedError
