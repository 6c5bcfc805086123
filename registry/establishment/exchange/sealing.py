"""Parts encrypted to the receiver: X25519 with a one-time key (RFC 7748), HKDF-SHA256 (RFC 5869), ChaCha20-Poly1305 (RFC 8439).

The one-time key is drawn for each package, so the number of the part serves as nonce: no pair of key and nonce occurs twice. Sender,
receiver, sequence and the part's name are bound in, so that no part can be moved to another place or package.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registry.establishment.exchange.manifest import Manifest, Sealing, part_name
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes


class Sealer:
    """Encrypts the parts of one package."""

    def __init__(self, receiver_key: bytes, sender: str, receiver: str, sequence: int) -> None:
        ephemeral = X25519PrivateKey.from_private_bytes(new_bytes(32))
        self._place = _place(sender, receiver, sequence)
        public = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver_key))
        self._cipher = _cipher(shared, public, receiver_key, self._place)
        self.sealing = Sealing("x25519-hkdf-sha256-chacha20poly1305", public.hex(), receiver_key.hex())

    def seal(self, number: int, data: bytes) -> bytes:
        """The stored bytes of a part."""
        return self._cipher.encrypt(_nonce(number), data, self._place + part_name(number).encode())


def unseal(manifest: Manifest, number: int, stored: bytes, key: X25519PrivateKey) -> bytes:
    """The bytes of a part. Refuses what is sealed to another key (``NOT_PERMITTED``) or does not open (``VALUE_INVALID``)."""
    sealing = manifest.sealing
    if sealing is None:
        return stored
    own = key.public_key().public_bytes_raw()
    if sealing.receiver_key != own.hex():
        zh, en = "数据包加密给另一把密钥，本中心无法解开", "the package is sealed to another key than this centre's"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="sealing")
    place = _place(manifest.sender, manifest.receiver, manifest.sequence)
    ephemeral = bytes.fromhex(sealing.ephemeral)
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        cipher = _cipher(shared, ephemeral, own, place)
        return cipher.decrypt(_nonce(number), stored, place + part_name(number).encode())
    except (InvalidTag, ValueError) as error:
        zh, en = "加密的内容无法解开，已被改动或已损坏", "the sealed content does not open: altered or damaged"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=part_name(number)) from error


def _place(sender: str, receiver: str, sequence: int) -> bytes:
    return f"zhengming-exchange/1 {sender}>{receiver}#{sequence} ".encode()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _cipher(shared: bytes, ephemeral: bytes, receiver_key: bytes, place: bytes) -> ChaCha20Poly1305:
    key = HKDF(algorithm=SHA256(), length=32, salt=ephemeral + receiver_key, info=place).derive(shared)
    return ChaCha20Poly1305(key)
