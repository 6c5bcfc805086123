"""A ClientHello of our own and what the server says to it: for versions and suites that today's OpenSSL refuses to speak. The codec is pure.

Only the first flight is exchanged, so no secret is needed: a server that would speak SSL 3.0 or RC4 shows it in its ServerHello, before any
cryptography. Sources: RFC 8446 sections 4.1.2, 4.1.3, 4.2.1 and 4.2.8, RFC 5246 section 7.4.1, RFC 6101 for SSL 3.0, IANA's registry of suites.
"""

import asyncio
from dataclasses import dataclass

from registry.kernel.ids import new_bytes

SSL3, TLS10, TLS11, TLS12, TLS13 = 0x0300, 0x0301, 0x0302, 0x0303, 0x0304
VERSION_NAMES = {SSL3: "SSLv3", TLS10: "TLSv1.0", TLS11: "TLSv1.1", TLS12: "TLSv1.2", TLS13: "TLSv1.3"}
SUITES_13 = (0x1301, 0x1302, 0x1303)
FORWARD_SECRET = (0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xC023, 0xC024, 0xC027, 0xC028, 0xC009, 0xC00A, 0xC013, 0xC014, 0x009E, 0x009F,
                  0x0033, 0x0039, 0x0067, 0x006B)  # fmt: skip
STATIC = (0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035)  # RSA key transport: no forward secrecy
# NULL, EXPORT, RC4, DES, 3DES and anonymous suites, which nobody may offer any more (RFC 7465, RFC 8996, RFC 9325 section 4.1).
WEAK = {
    0x0001: "RSA_NULL_MD5", 0x0002: "RSA_NULL_SHA", 0x003B: "RSA_NULL_SHA256", 0xC006: "ECDHE_ECDSA_NULL_SHA", 0xC010: "ECDHE_RSA_NULL_SHA",
    0x0003: "RSA_EXPORT_RC4_40_MD5", 0x0006: "RSA_EXPORT_RC2_40_MD5", 0x0008: "RSA_EXPORT_DES40", 0x0014: "DHE_RSA_EXPORT_DES40",
    0x0004: "RSA_RC4_128_MD5", 0x0005: "RSA_RC4_128_SHA", 0xC007: "ECDHE_ECDSA_RC4", 0xC011: "ECDHE_RSA_RC4",
    0x0009: "RSA_DES", 0x0015: "DHE_RSA_DES", 0x000A: "RSA_3DES", 0x0016: "DHE_RSA_3DES", 0xC008: "ECDHE_ECDSA_3DES", 0xC012: "ECDHE_RSA_3DES",
    0x0018: "DH_anon_RC4_MD5", 0x001B: "DH_anon_3DES", 0x0034: "DH_anon_AES128", 0x003A: "DH_anon_AES256", 0xC018: "ECDH_anon_AES128",
    0xC019: "ECDH_anon_AES256",
}  # fmt: skip
_GROUPS = (0x001D, 0x0017, 0x0018)  # x25519, secp256r1, secp384r1
_SIGNATURES = (0x0403, 0x0503, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0807, 0x0203, 0x0201)
_MAX_REPLY = 20_000  # bytes: a ServerHello fits one record of 16 KiB


@dataclass(frozen=True, slots=True)
class HelloReply:
    """``version`` 0: refused or no TLS at all. ``alert`` is the description of RFC 8446 section 6, -1 without one."""

    version: int = 0
    suite: int = 0
    compression: int = 0
    renegotiation_info: bool = False
    alert: int = -1


def client_hello(version: int, suites: tuple[int, ...], name: str, random: bytes, *, compress: bool = False) -> bytes:
    """The record that asks for ``version`` with ``suites``; ``random`` is 64 bytes."""
    inside = min(version, TLS12)
    extensions = b"" if version == SSL3 else _extensions(version, name, random[32:64])
    signal = b"" if version == TLS13 else b"\x00\xff"  # TLS_EMPTY_RENEGOTIATION_INFO_SCSV, RFC 5746 section 3.3
    offered = b"".join(suite.to_bytes(2) for suite in suites) + signal
    body = inside.to_bytes(2) + random[:32] + b"\x00" + len(offered).to_bytes(2) + offered
    body += b"\x02\x01\x00" if compress else b"\x01\x00"
    body += len(extensions).to_bytes(2) + extensions if extensions else b""
    message = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16" + min(version, TLS10).to_bytes(2) + len(message).to_bytes(2) + message


def _extensions(version: int, name: str, share: bytes) -> bytes:
    parts = [_extension(10, _list16(_GROUPS)), _extension(11, b"\x01\x00"), _extension(13, _list16(_SIGNATURES))]
    if name and not name.replace(".", "").isdigit() and ":" not in name:
        host = name.encode("ascii")
        entry = b"\x00" + len(host).to_bytes(2) + host
        parts.insert(0, _extension(0, len(entry).to_bytes(2) + entry))
    if version == TLS13:
        parts.append(_extension(43, b"\x02" + TLS13.to_bytes(2)))
        entry = b"\x00\x1d\x00\x20" + share
        parts.append(_extension(51, len(entry).to_bytes(2) + entry))
    return b"".join(parts)


def _extension(kind: int, content: bytes) -> bytes:
    return kind.to_bytes(2) + len(content).to_bytes(2) + content


def _list16(values: tuple[int, ...]) -> bytes:
    return (2 * len(values)).to_bytes(2) + b"".join(value.to_bytes(2) for value in values)


def read_reply(raw: bytes) -> HelloReply:
    """What the first record of the server says; anything that is not TLS reads as a refusal."""
    if len(raw) >= 7 and raw[0] == 0x15:
        return HelloReply(alert=raw[6])
    if len(raw) < 44 or raw[0] != 0x16 or raw[5] != 2:
        return HelloReply()
    body = raw[9 : 9 + int.from_bytes(raw[6:9])]
    try:
        return _server_hello(body)
    except IndexError:
        return HelloReply()


def _server_hello(body: bytes) -> HelloReply:
    version = int.from_bytes(body[:2])
    at = 35 + body[34]
    suite, compression = int.from_bytes(body[at : at + 2]), body[at + 2]
    extensions = dict(_walk(body[at + 5 :]))
    if 43 in extensions:
        version = int.from_bytes(extensions[43])
    return HelloReply(version, suite, compression, 0xFF01 in extensions)


def _walk(raw: bytes) -> list[tuple[int, bytes]]:
    found = []
    while len(raw) >= 4:
        length = int.from_bytes(raw[2:4])
        found.append((int.from_bytes(raw[:2]), raw[4 : 4 + length]))
        raw = raw[4 + length :]
    return found


async def ask_hello(
    address: str,
    port: int,
    name: str,
    version: int,
    suites: tuple[int, ...],
    *,
    compress: bool = False,
    seconds: float = 6.0,
) -> HelloReply:
    """Send the hello to exactly this address and read the answer. Raises ``OSError`` or ``TimeoutError`` when there is no connection."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(address, port)
        try:
            writer.write(client_hello(version, suites, name, new_bytes(64), compress=compress))
            return read_reply(await _record(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            return HelloReply()
        finally:
            writer.transport.abort()


async def _record(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    length = int.from_bytes(head[3:5])
    return head + (await reader.readexactly(length) if length <= _MAX_REPLY else b"")
