"""How much of a stranger's answer is taken in. Every bound has its reason."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one visit to one URL, redirects included."""

    total_seconds: float = (
        15.0  # the official rule: what is not open within fifteen seconds is not open (domain-rules.md 5.2)
    )
    connect_seconds: float = 6.0  # for one address, so that a second one still gets its turn
    body_bytes: int = 4 * MIB  # on the wire (verifier.md 3.2); no home page of a public body needs more
    decoded_bytes: int = 8 * MIB  # after decompression: twice the wire
    ratio: int = 200  # ordinary pages shrink to a tenth, the emptiest to a fiftieth; beyond this it is a bomb
    ratio_from: int = MIB  # small answers may shrink as they like
    header_line_bytes: int = 16 * KIB  # a line of header; long policies reach 8 KiB
    hops: int = 10  # browsers follow twenty; beyond five it is a finding already
    layers: int = 2  # content codings on top of each other


PAGE = Limits()
SMALL = Limits(
    body_bytes=64 * KIB, decoded_bytes=256 * KIB
)  # robots.txt beyond 500 KiB, tokens, icons are not read further
