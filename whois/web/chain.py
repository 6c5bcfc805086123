"""The chain of trust of a name as a picture (RFC 4033, section 5): from the root to the name, as far as the register carries it. Pure:
facts to SVG.
"""

from html import escape

from registry.published.records import DelegationSigner

ALGORITHMS = {
    5: "RSA/SHA-1",
    8: "RSA/SHA-256",
    10: "RSA/SHA-512",
    13: "ECDSA P-256",
    14: "ECDSA P-384",
    15: "Ed25519",
    16: "Ed448",
}  # IANA, DNSSEC algorithms
DIGESTS = {1: "SHA-1", 2: "SHA-256", 4: "SHA-384"}
WIDTH, BOX, GAP, LEFT = 520, 58, 34, 10


def chain_picture(zone: str, name: str, signers: tuple[DelegationSigner, ...]) -> str:
    """Boxes from above to below: root, zone, delegation signers, name; broken lines where the chain ends."""
    signed = bool(signers)
    steps = [
        ("根 .", "根区密钥 Root key", True),
        (zone, "注册局签名 Signed by the registry", True),
        (
            "DS" if signed else "没有 DS 记录",
            _signers(signers) if signed else "no DS record: the chain ends here",
            signed,
        ),
        (name, "持有者签名 Signed by the holder" if signed else "未受 DNSSEC 保护 Not protected", signed),
    ]
    boxes = "".join(_box(number, *step) for number, step in enumerate(steps))
    arrows = "".join(_arrow(number, unbroken=steps[number + 1][2]) for number in range(len(steps) - 1))
    said = f"{name} 的 DNSSEC 信任链{'完整' if signed else '在注册局处终止'}"
    height = len(steps) * BOX + (len(steps) - 1) * GAP + 4
    return (
        f'<svg class="chain" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(said)}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(said)}</title>{boxes}{arrows}</svg>"
    )


def _signers(signers: tuple[DelegationSigner, ...]) -> str:
    return "；".join(
        f"{one.key_tag} {ALGORITHMS.get(one.algorithm, one.algorithm)} {DIGESTS.get(one.digest_type, one.digest_type)}"
        for one in signers[:3]
    ) + ("…" if len(signers) > 3 else "")


def _box(number: int, title: str, words: str, whole: bool) -> str:
    y = number * (BOX + GAP) + 2
    kind = "" if whole else ' class="bad"'
    return (
        f'<rect{kind} x="{LEFT}" y="{y}" width="{WIDTH - 2 * LEFT}" height="{BOX}" rx="6"/>'
        f'<text x="{LEFT + 16}" y="{y + 24}">{escape(title)}</text><text class="small" x="{LEFT + 16}" y="{y + 44}">{escape(words)}</text>'
    )


def _arrow(number: int, *, unbroken: bool) -> str:
    y = number * (BOX + GAP) + BOX + 2
    x = WIDTH // 2
    kind = "" if unbroken else ' class="bad"'
    return f'<path{kind} d="M{x} {y}v{GAP - 4}m-6 -8l6 8l6 -8"/>'
