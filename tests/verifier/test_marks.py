"""Numbers, credentials, status lists, keys: checked by hand from the bytes, not by the code that made them."""

import base64
import hashlib
import json
import stat
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.kernel.errors import Fault, Reason, Refusal
from verifier.marks.credential import Claims, check_credential, sign_credential
from verifier.marks.keys import IssuerKey, jwks, load_issuer_key, thumbprint
from verifier.marks.looks import Look, look_of
from verifier.marks.mark_id import ALPHABET, new_mark_id, read_mark_id, with_check
from verifier.marks.states import (
    CHANGE_KINDS,
    STATE_WORDS,
    STATUS_VALUES,
    TRANSITIONS,
    MarkAct,
    MarkState,
    effective_state,
    next_state,
)
from verifier.marks.statuslist import SLOTS, read_status_list, sign_status_list, value_at

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
CLAIMS = Claims(
    issuer="https://zm.example",
    mark_id=with_check("0" * 26),
    origin="https://xn--xkry9kk1bz66a.xn--55qw42g",
    hosts=("xn--xkry9kk1bz66a.xn--55qw42g",),
    body_name="清华大学",
    uscc="12100000400000624D",
    look="blue",
    issued_at=NOW - timedelta(days=30),
    status_list=1,
    status_slot=412,
)


@pytest.fixture
def key(tmp_path: Path) -> IssuerKey:
    """A fresh issuer key."""
    return load_issuer_key(tmp_path / "keys" / "mark.pem")


def unpack(token: str, public: Ed25519PublicKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload of a compact JWS after RFC 7515, with the signature checked over the raw bytes."""
    header, payload, signature = token.split(".")

    def decoded(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    public.verify(decoded(signature), f"{header}.{payload}".encode())
    return json.loads(decoded(header)), json.loads(decoded(payload))


def test_a_credential_says_whose_site_stands_where(key: IssuerKey) -> None:
    """The compact JWS carries type, key, body, code, hosts, number and seven days, and its signature holds."""
    header, payload = unpack(sign_credential(CLAIMS, key, NOW, timedelta(days=7)), key.public)
    assert header == {"alg": "EdDSA", "typ": "trust-mark+jwt", "kid": key.kid}
    assert payload["exp"] - payload["iat"] == 7 * 86400
    assert payload["iat"] <= NOW.timestamp() < payload["exp"]
    assert payload["org"] == {"n": "清华大学", "id": "12100000400000624D"}
    assert payload["hosts"] == ["xn--xkry9kk1bz66a.xn--55qw42g"]
    assert payload["mid"] == CLAIMS.mark_id
    assert payload["status"]["status_list"] == {"idx": 412, "uri": "https://zm.example/status/1"}


def test_a_credential_is_the_same_all_day(key: IssuerKey) -> None:
    """Two visitors of one day get the same bytes; the next day they differ."""
    morning, evening, tomorrow = (
        sign_credential(CLAIMS, key, NOW.replace(hour=9) + timedelta(hours=h), timedelta(days=7)) for h in (0, 12, 24)
    )
    assert morning == evening != tomorrow


def test_a_credential_never_begins_before_its_mark(key: IssuerKey) -> None:
    """On the day of issue the credential begins with the issue."""
    claims = Claims(**{**{f: getattr(CLAIMS, f) for f in Claims.__dataclass_fields__}, "issued_at": NOW})
    _, payload = unpack(sign_credential(claims, key, NOW, timedelta(days=7)), key.public)
    assert payload["iat"] == int(NOW.timestamp())


def refused(token: str, key: IssuerKey, now: datetime = NOW, host: str = CLAIMS.hosts[0]) -> Reason:
    with pytest.raises(Refusal) as caught:
        check_credential(token, {key.kid: key.public}, now, host)
    return caught.value.reason


def test_a_credential_is_worth_nothing_elsewhere(key: IssuerKey, tmp_path: Path) -> None:
    """Another host, another time, a changed byte, another key, another type and another algorithm are all refused."""
    token = sign_credential(CLAIMS, key, NOW, timedelta(days=7))
    assert check_credential(token, {key.kid: key.public}, NOW, CLAIMS.hosts[0])["mid"] == CLAIMS.mark_id
    assert refused(token, key, host="evil.example") is Reason.VERIFICATION_INVALID
    assert refused(token, key, now=NOW + timedelta(days=8)) is Reason.VERIFICATION_INVALID
    assert refused(token, key, now=NOW - timedelta(days=1)) is Reason.VERIFICATION_INVALID
    assert refused(token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), key) is Reason.VERIFICATION_INVALID
    assert refused(token + "A" * 9000, key) is Reason.VERIFICATION_INVALID
    assert refused("not a token", key) is Reason.VERIFICATION_INVALID
    other = load_issuer_key(tmp_path / "other.pem")
    assert refused(sign_credential(CLAIMS, other, NOW, timedelta(days=7)), key) is Reason.VERIFICATION_INVALID
    claims = {"iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 9, "hosts": list(CLAIMS.hosts)}
    assert (
        refused(jwt.encode(claims, key.private, "EdDSA", {"typ": "JWT", "kid": key.kid}), key)
        is Reason.VERIFICATION_INVALID
    )
    assert (
        refused(jwt.encode(claims, "0" * 32, "HS256", {"typ": "trust-mark+jwt", "kid": key.kid}), key)
        is Reason.VERIFICATION_INVALID
    )
    assert (
        refused(jwt.encode(claims, None, "none", {"typ": "trust-mark+jwt", "kid": key.kid}), key)
        is Reason.VERIFICATION_INVALID
    )


def test_a_status_list_holds_two_bits_a_mark(key: IssuerKey) -> None:
    """Decoded by hand after the specification: zlib, least significant bits first, the right value in each slot and 0 elsewhere."""
    wanted = {0: 1, 1: 2, 5: 3, SLOTS - 1: 1}
    header, payload = unpack(sign_status_list(wanted, "https://zm.example/status/1", key, NOW), key.public)
    assert header["typ"] == "statuslist+jwt"
    assert payload["sub"] == "https://zm.example/status/1"
    assert (payload["ttl"], payload["exp"] - payload["iat"]) == (300, 3600)
    assert payload["status_list"]["bits"] == 2
    text = payload["status_list"]["lst"]
    raw = zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    values = [(byte >> shift) & 3 for byte in raw for shift in (0, 2, 4, 6)]
    assert len(values) == SLOTS
    assert {slot: value for slot, value in enumerate(values) if value} == wanted


def test_the_specification_example_packs_to_its_bytes() -> None:
    """The two-bit example of the Token Status List specification (section 4.1) reads 1,2,0,3,0,1,0,1,1,2,3,3 from c9 44 f9."""
    raw = bytes.fromhex("c944f9")
    assert [value_at(raw, slot) for slot in range(12)] == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]


def test_a_reader_of_ours_agrees_and_a_wrong_address_is_refused(key: IssuerKey) -> None:
    """``read_status_list`` gives back what was put in, and refuses a list that was fetched from another address."""
    token = sign_status_list({9: 2}, "https://zm.example/status/1", key, NOW)
    _, packed = read_status_list(token, key.public, "https://zm.example/status/1")
    assert value_at(packed, 9) == 2
    with pytest.raises(jwt.InvalidTokenError):
        read_status_list(token, key.public, "https://zm.example/status/2")


def test_a_full_list_stays_small(key: IssuerKey) -> None:
    """A list in which one mark in a hundred is revoked is under 8 kB as it is sent."""
    revoked = {int(hashlib.sha256(str(n).encode()).hexdigest(), 16) % SLOTS: 1 for n in range(SLOTS // 200)}
    assert len(sign_status_list(revoked, "https://zm.example/status/1", key, NOW)) < 8192


def test_the_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    """The first use makes the key with mode 0600, the second reads the same one, and nothing else is left beside it."""
    path = tmp_path / "keys" / "mark.pem"
    first, second = load_issuer_key(path), load_issuer_key(path)
    assert first.kid == second.kid
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_holds_no_key_is_a_fault(tmp_path: Path) -> None:
    """A broken key file stops the verifier instead of being replaced."""
    path = tmp_path / "mark.pem"
    path.write_text("nonsense")
    with pytest.raises(Fault):
        load_issuer_key(path)


def test_the_published_keys_check_what_was_signed(key: IssuerKey) -> None:
    """The JWKS alone, read as JSON, is enough to check a credential; its ``kid`` is the RFC 7638 thumbprint."""
    document = json.loads(jwks(key.public))
    (entry,) = document["keys"]
    assert "d" not in entry
    raw = base64.urlsafe_b64decode(entry["x"] + "=" * (-len(entry["x"]) % 4))
    public = Ed25519PublicKey.from_public_bytes(raw)
    header, _ = unpack(sign_credential(CLAIMS, key, NOW, timedelta(days=7)), public)
    assert header["kid"] == entry["kid"]
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key()
    with pytest.raises(InvalidSignature):
        unpack(sign_credential(CLAIMS, key, NOW, timedelta(days=7)), stranger)


def test_the_thumbprint_is_that_of_the_rfc() -> None:
    """RFC 8037, appendix A.3 gives the thumbprint of its example key."""
    raw = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert thumbprint(Ed25519PublicKey.from_public_bytes(raw)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_every_slip_in_a_number_is_found() -> None:
    """Each wrong character and each exchange of two different characters in a mark's number is refused."""
    number = new_mark_id()
    assert read_mark_id(number) == number
    for place in range(len(number)):
        wrong = [number[:place] + c + number[place + 1 :] for c in ALPHABET if c != number[place]]
        assert not any(map(read_mark_id, wrong))
        for other in range(place):
            if number[other] != number[place]:
                swapped = list(number)
                swapped[other], swapped[place] = swapped[place], swapped[other]
                assert read_mark_id("".join(swapped)) is None


def test_a_number_may_be_typed_the_way_people_do() -> None:
    """Lower case, groups, and I, L, O for 1, 1, 0 are read as meant; anything else is no number."""
    number = with_check("01" * 13)
    typed = "-".join(number[i : i + 4] for i in range(0, len(number), 4)).lower().replace("0", "o").replace("1", "l")
    assert read_mark_id(typed) == number
    assert read_mark_id("") is None
    assert read_mark_id(number + "0") is None
    assert read_mark_id("清" * 27) is None


def test_numbers_are_never_met_twice_and_have_128_bits() -> None:
    """A number has 26 random characters of five bits."""
    assert len({new_mark_id() for _ in range(500)}) == 500
    assert 26 * 5 >= 128


def test_a_revoked_mark_never_comes_back() -> None:
    """The state table has no step out of ``revoked``, and what it lacks is refused."""
    assert not [state for state, _ in TRANSITIONS if state is MarkState.REVOKED]
    for state in MarkState:
        for act in MarkAct:
            if (state, act) in TRANSITIONS:
                assert next_state(state, act) is TRANSITIONS[state, act]
            else:
                with pytest.raises(Refusal) as caught:
                    next_state(state, act)
                assert caught.value.reason is Reason.STATUS_FORBIDS


def test_the_tables_of_states_are_complete() -> None:
    """Every state has its words and its value in the status list, every act its kind of change."""
    assert set(STATE_WORDS) == set(STATUS_VALUES) == set(MarkState)
    assert set(CHANGE_KINDS) == set(MarkAct)


def test_a_mark_is_only_as_alive_as_its_body_and_its_name() -> None:
    """A valid mark counts as suspended when the body or the name is gone; what was decided is never made better."""
    assert effective_state(MarkState.VALID, is_body_alive=True, is_name_held=True) is MarkState.VALID
    assert effective_state(MarkState.VALID, is_body_alive=False, is_name_held=True) is MarkState.SUSPENDED
    assert effective_state(MarkState.VALID, is_body_alive=True, is_name_held=False) is MarkState.SUSPENDED
    assert effective_state(MarkState.REVOKED, is_body_alive=False, is_name_held=False) is MarkState.REVOKED


@pytest.mark.parametrize(
    ("kind", "administrative", "look"),
    [
        ("11", True, Look.RED),
        ("11", False, Look.RED),
        ("00", False, Look.RED),
        ("12", False, Look.BLUE),
        ("12", True, Look.BLUE),
        ("13", True, Look.RED),
        ("13", False, Look.GREEN),
        ("51", True, Look.RED),
        ("51", False, Look.GREEN),
        ("52", False, Look.GREEN),
        ("53", False, Look.GREEN),
    ],
)
def test_the_look_tells_the_kind_of_body(kind: str, administrative: bool, look: Look) -> None:
    """Red for organs and groups that act as organs, blue for public institutions, green for the other non-profits."""
    assert look_of(kind, administrative=administrative) is look
