"""What a holder types about his name servers and keys, read and written back. Pure.

One name server a line, with its addresses after it when it lies below the name itself; one DS record a line, in the presentation
format of RFC 4034 section 5.3 (key tag, algorithm, digest type, digest).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from registry.flows.delegation.set_servers import Server
from registry.flows.host.addresses import AddressText
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a
from registry.model.domain import DelegationSigner

MAX_LINES = 13  # name servers of a domain (registry/policy/objects), and more keys than anybody rolls at once
MAX_TEXT = 4000  # characters
_DS = re.compile(r"(\d{1,5})\s+(\d{1,3})\s+(\d{1,3})\s+([0-9A-Fa-f\s]{2,256})")


@dataclass(frozen=True, slots=True)
class Wish:
    """How the name shall be delegated."""

    servers: tuple[Server, ...]
    signers: tuple[DelegationSigner, ...]


def read_wish(servers: str, signers: str) -> Wish:
    """Refuses with VALUE_INVALID, naming the line, and TOO_LARGE."""
    return Wish(
        tuple(_server(line) for line in _lines(servers, "servers")),
        tuple(_signer(line) for line in _lines(signers, "signers")),
    )


def as_json(wish: Wish) -> dict[str, Any]:
    """As it is kept."""
    return {
        "servers": [
            {"name": one.name, "addresses": [address.text for address in one.addresses or ()]} for one in wish.servers
        ],
        "signers": [ds_text(one) for one in wish.signers],
    }


def from_json(kept: Mapping[str, Any]) -> Wish:
    """The same again."""
    servers = "\n".join(" ".join((one["name"], *one["addresses"])) for one in kept["servers"])
    return read_wish(servers, "\n".join(kept["signers"]))


def ds_text(one: DelegationSigner) -> str:
    """RFC 4034 section 5.3."""
    return f"{one.key_tag} {one.algorithm} {one.digest_type} {one.digest.hex().upper()}"


def _lines(text: str, where: str) -> list[str]:
    lines = [line.strip() for line in text[: MAX_TEXT + 1].splitlines() if line.strip()]
    if len(text) > MAX_TEXT or len(lines) > MAX_LINES:
        raise Refusal(Reason.TOO_LARGE, f"最多 {MAX_LINES} 行", f"at most {MAX_LINES} lines", where=where)
    return lines


def _server(line: str) -> Server:
    name, *addresses = line.split()
    try:
        host = to_a(map_people(name).text.rstrip("."))
        read = tuple(_address(one) for one in addresses)
    except ValueError as error:
        raise _invalid("servers", line, "域名服务器", "name server") from error
    return Server(host, read or None)


def _address(text: str) -> AddressText:
    address = ip_address(text)
    return AddressText(str(address), f"v{address.version}")


def _signer(line: str) -> DelegationSigner:
    found = _DS.fullmatch(line)
    if found is None:
        raise _invalid("signers", line, "DS 记录", "DS record")
    tag, algorithm, digest_type, digest = found.groups()
    packed = "".join(digest.split())
    if len(packed) % 2 or int(tag) > 0xFFFF or int(algorithm) > 0xFF or int(digest_type) > 0xFF:
        raise _invalid("signers", line, "DS 记录", "DS record")
    return DelegationSigner(int(tag), int(algorithm), int(digest_type), bytes.fromhex(packed))


def _invalid(where: str, line: str, zh: str, en: str) -> Refusal:
    shown = line[:100]
    return Refusal(
        Reason.VALUE_INVALID, f"这一行不是{zh}：{shown}", f"this line is no {en}: {shown}", where=where, value=shown
    )
