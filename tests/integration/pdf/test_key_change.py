"""A change of key: old stamps stay valid, new ones use the new key, nothing is down in between."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from meterai.domain.errors import SignatureMismatch, SigningKeyUnusable, Unavailable
from meterai.domain.stamping.file_evidence import Trust
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.stampings import EMeterai
from meterai.pdf.adapters import PdfStamper
from meterai.pdf.inspections import PdfInspector
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.stamp_reader import PdfStampReader
from tests.contract.factories import a_stamping, an_order
from tests.fixtures.documents.remake import LETTER
from tests.integration.pdf.stamping import AT, HOST
from tests.local.authority import LocalAuthority

DOCUMENT = LETTER.read_bytes()
BOX = Placement(page=1, x_pt=300, y_pt=250, side_pt=80)


@dataclass
class KeyService:
    """KMS with two keys."""

    keys: dict[str, rsa.RSAPrivateKey]
    disabled: set[str] = field(default_factory=set)
    used: list[str] = field(default_factory=list)

    def sign(self, key_id: str, message: bytes) -> bytes:
        if key_id in self.disabled:
            raise SigningKeyUnusable(key_id=key_id, reason="DisabledException")
        self.used.append(key_id)
        return self.keys[key_id].sign(message, padding.PKCS1v15(), hashes.SHA256())

    def public_key(self, key_id: str) -> bytes:
        public = self.keys[key_id].public_key()
        return public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass
class StoredManifest:
    """The manifest as a worker keeps it: unchanged until it is read again."""

    stored: SigningKeyring
    _kept: SigningKeyring | None = None
    read: int = 0

    def __call__(self, *, anew: bool = False) -> SigningKeyring:
        if self._kept is None or anew:
            self._kept, self.read = self.stored, self.read + 1
        return self._kept


@pytest.fixture(scope="module")
def keys() -> dict[str, rsa.RSAPrivateKey]:
    return {
        name: rsa.generate_private_key(public_exponent=65537, key_size=2048)
        for name in ("old", "new")
    }


@pytest.fixture
def kms(keys: dict[str, rsa.RSAPrivateKey]) -> KeyService:
    return KeyService(dict(keys))


@pytest.fixture(scope="module")
def keyring(keys: dict[str, rsa.RSAPrivateKey]) -> dict[str, SigningCertificate]:
    kms = KeyService(keys)
    with LocalAuthority() as authority:
        return {
            name: SigningCertificate(name, authority.certify(kms.public_key(name)), authority.chain)
            for name in keys
        }


def stamped(stamper: PdfStamper) -> bytes:
    return stamper.stamp(DOCUMENT, emeterai(), AT).content


def emeterai() -> tuple[EMeterai, ...]:
    return a_stamping(an_order(), 0, placement=BOX)


def is_trusted(document: bytes, known: SigningKeyring) -> bool:
    file = FileAddress("", sha256(document).hexdigest(), len(document))
    inspector = PdfInspector(portal_limit_bytes=800_000, public_host=HOST)
    reader = PdfStampReader(StoredManifest(known), lambda _, asked: inspector(document, asked))
    (found,) = reader.signatures(file)
    return found.is_ours_and_intact and found.trust is Trust.TRUSTED


def test_old_stamps_stay_valid_and_new_ones_use_the_new_key(
    kms: KeyService, keyring: dict[str, SigningCertificate]
) -> None:
    before = SigningKeyring(keyring["old"])
    old = stamped(PdfStamper(StoredManifest(before), kms.sign, HOST))
    after = before.replaced_by(keyring["new"], ())
    new = stamped(PdfStamper(StoredManifest(after), kms.sign, HOST))
    assert kms.used == ["old", "new"]
    assert [is_trusted(file, after) for file in (old, new)] == [True, True]
    assert not is_trusted(new, before), "who has not heard of the new key does not trust it"
    assert base64.b16encode(keyring["new"].der).lower() in new


def test_a_worker_that_has_the_old_certificate_goes_on_with_the_old_key(
    kms: KeyService, keyring: dict[str, SigningCertificate]
) -> None:
    """Both keys sign until the workers have read the manifest again: nothing is down."""
    manifest = StoredManifest(SigningKeyring(keyring["old"]))
    stamper = PdfStamper(manifest, kms.sign, HOST)
    stamped(stamper)
    manifest.stored = manifest.stored.replaced_by(keyring["new"], ())
    assert is_trusted(stamped(stamper), manifest.stored)
    assert kms.used == ["old", "old"]
    manifest(anew=True)
    assert is_trusted(stamped(stamper), manifest.stored)
    assert kms.used == ["old", "old", "new"]


def test_a_worker_whose_old_key_was_disabled_takes_up_the_new_one_at_once(
    kms: KeyService, keyring: dict[str, SigningCertificate]
) -> None:
    manifest = StoredManifest(SigningKeyring(keyring["old"]))
    stamper = PdfStamper(manifest, kms.sign, HOST)
    stamped(stamper)
    manifest.stored = manifest.stored.replaced_by(keyring["new"], ())
    kms.disabled.add("old")
    assert is_trusted(stamped(stamper), manifest.stored)
    assert (kms.used, manifest.read) == (["old", "new"], 2)


def test_a_signature_that_does_not_verify_is_tried_again_with_the_current_certificate(
    kms: KeyService, keyring: dict[str, SigningCertificate]
) -> None:
    """Somebody put another key under the old one's id."""
    manifest = StoredManifest(SigningKeyring(keyring["old"]))
    stamper = PdfStamper(manifest, kms.sign, HOST)
    stamped(stamper)
    manifest.stored = manifest.stored.replaced_by(keyring["new"], ())
    kms.keys["old"] = kms.keys["new"]
    assert is_trusted(stamped(stamper), manifest.stored)
    assert kms.used == ["old", "old", "new"]


def test_without_a_newer_certificate_nothing_is_stamped(
    kms: KeyService, keyring: dict[str, SigningCertificate]
) -> None:
    stamper = PdfStamper(StoredManifest(SigningKeyring(keyring["old"])), kms.sign, HOST)
    kms.keys["old"] = kms.keys["new"]
    with pytest.raises(SignatureMismatch):
        stamped(stamper)
    kms.disabled.add("old")
    with pytest.raises(SigningKeyUnusable):
        stamped(stamper)


def test_an_expired_certificate_signs_nothing_and_the_next_one_is_taken_up_at_once(
    kms: KeyService, keyring: dict[str, SigningCertificate]
) -> None:
    """The message comes again until the next certificate is installed."""
    old = keyring["old"]
    manifest = StoredManifest(SigningKeyring(old))
    stamper = PdfStamper(manifest, kms.sign, HOST)
    stamper.stamp(DOCUMENT, emeterai(), old.expires_at - timedelta(seconds=1))
    for _ in range(2):
        with pytest.raises(Unavailable) as held:
            stamper.stamp(DOCUMENT, emeterai(), old.expires_at)
        assert held.value.values == {"party": "signing_certificate", "reason": "expired"}
        with pytest.raises(Unavailable):
            stamper.check_certificate(old.expires_at)
    stamper.check_certificate(old.expires_at - timedelta(seconds=1))
    assert kms.used == ["old"]
    with LocalAuthority() as authority:
        until = f"{old.expires_at:%Y-%m-%d}".replace(
            str(old.expires_at.year), str(old.expires_at.year + 2)
        )
        renewed = authority.certify(kms.public_key("new"), until=until)
        manifest.stored = manifest.stored.replaced_by(
            SigningCertificate("new", renewed, authority.chain), ()
        )
    stamper.stamp(DOCUMENT, emeterai(), old.expires_at)
    assert kms.used == ["old", "new"]
