"""Addresses of a host as an order carries them."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.kernel.errors import Reason, Refusal
from registry.model.host import Address
from registry.policy.objects.glue import parse_address


@dataclass(frozen=True, slots=True)
class AddressText:
    """One address as it was sent: ``family`` is ``v4`` or ``v6`` (RFC 5732 section 2.5). Nothing was checked yet."""

    text: str
    family: str = "v4"


def parse_addresses(texts: Iterable[AddressText]) -> frozenset[Address]:
    """All of them; ``VALUE_INVALID`` for a bad one, ``POLICY_FORBIDS`` for one that is given twice."""
    found: set[Address] = set()
    for one in texts:
        address = parse_address(one.text, one.family)
        if address in found:
            raise Refusal(
                Reason.POLICY_FORBIDS,
                "同一个地址给了两次",
                "the same address was given twice",
                where="addr",
                value=one.text,
            )
        found.add(address)
    return frozenset(found)
