"""Client certificates: what is believed of them, how they are rotated, and what strangers try."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.present_certificate import Bound, PresentCertificate, present_certificate
from registry.flows.registrar.revoke_certificate import RevokeCertificate, revoke_certificate
from registry.flows.registrar.users import CreateUser, create_user
from registry.flows.registrar.warn_ending import warn_ending
from registry.flows.runner import Runner
from registry.kernel import tls
from registry.kernel.errors import Reason
from tests.epp.world import ENDS, build_world, key_of
from tests.kit.clock import FakeClock
from tests.registrars.place import HERE, OPERATOR, PASSWORD, A, B, act, ask, at_door, code_of, enter, login, refuses

WEAK_BITS = 1024


@pytest.fixture
def authority(runner: Runner) -> tls.Pair:
    """The private authority of the installation, where the flows find it."""
    pair = tls.make_authority("registry", runner.clock.now())
    pair.write(runner.config.secret("client-ca.pem"), runner.config.secret("client-ca.key"))
    return pair


def pem_of(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def request(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, name: str = B) -> x509.CertificateSigningRequest:
    """A request that asks for another registrar's name, which is nobody's business."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    asked = x509.BasicConstraints(ca=True, path_length=None)
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject)
        .add_extension(asked, critical=True)
        .sign(key, hashes.SHA256())
    )


async def bound(runner: Runner, pem: str, user: str = "") -> Bound:
    return await act(runner, A, present_certificate, PresentCertificate(A, pem, user))


async def test_a_request_is_signed_and_bound(runner: Runner, authority: tls.Pair) -> None:
    """The holder of a key gets a client certificate over it, with our name for him and no powers, and logs in with that key."""
    await build_world(runner)
    key = ec.generate_private_key(ec.SECP256R1())
    made = await bound(runner, request(key).public_bytes(Encoding.PEM).decode())
    certificate = x509.load_pem_x509_certificate(made.certificate.encode())
    certificate.verify_directly_issued_by(authority.certificate)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert [name.value for name in names] == [A]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.spki_sha256 == tls.key_pin(certificate)
    entry = at_door(runner)
    object.__setattr__(entry.peer, "spki_sha256", made.spki_sha256)
    assert code_of(await ask(entry, login(A))) == 1000


async def test_a_request_without_the_key_is_refused(runner: Runner, authority: tls.Pair) -> None:
    """A request whose signature does not belong to its key proves nothing; a broken one and a weak key are refused as well."""
    await build_world(runner)
    good = request(ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.DER)
    forged = x509.load_der_x509_csr(good[:-4] + bytes(4)).public_bytes(Encoding.PEM).decode()
    weak = request(rsa.generate_private_key(65537, key_size=WEAK_BITS)).public_bytes(Encoding.PEM).decode()
    for pem in (
        forged,
        weak,
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        "nothing",
        "",
    ):
        await refuses(runner, A, present_certificate, PresentCertificate(A, pem), Reason.VALUE_INVALID)
    assert len(authority.certificate.public_bytes(Encoding.DER)) > 0


async def test_a_certificate_counts_when_our_authority_signed_it(runner: Runner, authority: tls.Pair) -> None:
    """One of another authority is refused even with the right name, and so are one that is over, one to come, and an authority's own."""
    await build_world(runner)
    now = runner.clock.now()
    stranger = tls.make_authority("registry", now)
    spoofed = tls.issue(stranger, A, now).certificate
    over = tls.issue(authority, A, now - timedelta(days=500)).certificate
    early = tls.issue(authority, A, now + timedelta(days=9)).certificate
    for certificate in (spoofed, over, early, authority.certificate):
        order = PresentCertificate(A, pem_of(certificate))
        await refuses(runner, A, present_certificate, order, Reason.VALUE_INVALID)
    good = tls.issue(authority, B, now).certificate  # the name in it says nothing
    assert (await bound(runner, pem_of(good))).spki_sha256 == tls.key_pin(good)


async def test_a_key_speaks_for_one_registrar(runner: Runner, authority: tls.Pair) -> None:
    """A key that is bound to another registrar cannot be bound, nor used; nobody binds for another."""
    await build_world(runner)
    certificate = tls.issue(authority, A, runner.clock.now()).certificate
    await bound(runner, pem_of(certificate))
    order = PresentCertificate(B, pem_of(certificate))
    await refuses(runner, B, present_certificate, order, Reason.ALREADY_EXISTS)
    await refuses(runner, B, present_certificate, PresentCertificate(A, pem_of(certificate)), Reason.NOT_PERMITTED)
    assert code_of(await ask(at_door(runner, B), login(A))) == 2200


async def test_two_keys_are_valid_at_once_and_no_third(runner: Runner, authority: tls.Pair) -> None:
    """A registrar binds the new key beside the old one, uses both, and must revoke one before the next; a revoked one is gone."""
    await build_world(runner)
    now = runner.clock.now()
    new, newest = (tls.issue(authority, A, now).certificate for _ in range(2))
    made = await bound(runner, pem_of(new))
    third = PresentCertificate(A, pem_of(newest))
    await refuses(runner, A, present_certificate, third, Reason.POLICY_FORBIDS)
    await enter(runner)
    await act(runner, A, revoke_certificate, RevokeCertificate(A, key_of(A), "轮换"))
    assert code_of(await ask(at_door(runner), login(A))) == 2200
    await act(runner, A, present_certificate, third)
    await act(runner, A, revoke_certificate, RevokeCertificate(A, made.spki_sha256, "轮换"))
    await refuses(runner, A, present_certificate, PresentCertificate(A, pem_of(new)), Reason.POLICY_FORBIDS)


async def test_a_key_may_be_one_users_alone(runner: Runner) -> None:
    """A key that was bound for a user opens neither the registrar's own login nor another user's."""
    await build_world(runner)
    for user in ("clerk-1", "clerk-2"):
        await act(runner, A, create_user, CreateUser(A, user, PASSWORD))
    await act(runner, OPERATOR, bind_certificate, BindCertificate(A, key_of("clerk-1"), "CN=x", ENDS, "clerk-1"))
    await enter(runner, "clerk-1", PASSWORD, key="clerk-1")
    for name, password in ((A, ""), ("clerk-2", PASSWORD)):
        assert code_of(await ask(at_door(runner, "clerk-1"), login(name, password))) == 2200
    order = BindCertificate(A, key_of("x"), "CN=x", ENDS, "nobody")
    await refuses(runner, OPERATOR, bind_certificate, order, Reason.NOT_FOUND)


async def test_a_certificate_that_is_over_ends_the_session(runner: Runner, clock: FakeClock) -> None:
    """The session ends with the certificate, and no login works with it; one renewed over the same key goes on, and is known then."""
    await build_world(runner)
    session = await enter(runner)
    clock.set(ENDS + timedelta(seconds=1))
    assert code_of(await ask(session, login(A))) == 2002
    check = b'<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><poll op="req"/></command></epp>'
    assert code_of(await ask(session, check)) == 2501
    assert code_of(await ask(at_door(runner), login(A))) == 2200
    renewed = ENDS + timedelta(days=300)
    session = await enter(runner, ends=renewed)
    assert code_of(await ask(session, check)) == 1300
    sql = "select not_after from registrar_certificate where registrar_id = $1"
    assert await runner.db.fetchval(sql, A) == renewed
    assert session.peer.address == HERE


async def test_an_ending_is_told_three_times(runner: Runner, clock: FakeClock) -> None:
    """Thirty, seven and one day before its end a notice is written, each once, however often the job runs."""
    await build_world(runner)
    counts = []
    for days in (40, 30, 29, 8, 7, 6, 1, 0.5):
        clock.set(ENDS - timedelta(days=days))
        for _ in range(3):
            await act(runner, OPERATOR, warn_ending)
        sql = "select count(*) from notice where recipient = $1 and kind = 'registrar.certificate_ending'"
        counts.append(await runner.db.fetchval(sql, A))
    assert counts == [0, 1, 1, 1, 2, 2, 3, 3]


def test_the_private_key_of_the_authority_never_leaves(tmp_path: Path) -> None:
    """What is told of a bound key has no private part."""
    pair = tls.make_authority("registry", ENDS)
    pair.write(tmp_path / "ca.pem", tmp_path / "ca.key")
    told = repr(Bound(bytes(32), "CN=x", pem_of(pair.certificate)))
    assert "PRIVATE" not in told
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
