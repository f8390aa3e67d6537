"""Our CMS equals, byte by byte, what pyHanko builds from the same attributes."""

import asyncio
from datetime import UTC, datetime

import pytest
from asn1crypto import cms as asn1_cms
from hypothesis import given
from hypothesis import strategies as st

from meterai.pdf.signing import cms
from meterai.pdf.signing.der import SEQUENCE, DerError, elements, encode, only
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.signed import pyhanko_signer

SIGNER = authority().signer


def test_the_signed_attributes_equal_pyhankos_without_the_issuer_serial() -> None:
    digest = bytes(range(32))
    theirs = asyncio.run(pyhanko_signer(SIGNER).signed_attrs(digest, "sha256", use_pades=True))
    for attribute in theirs:
        if attribute["type"].native == "signing_certificate_v2":
            del attribute["values"][0]["certs"][0]["issuer_serial"]
    assert cms.signed_attributes(SIGNER.certificate, digest) == theirs.dump(force=True)


def test_the_cms_equals_pyhankos() -> None:
    attributes = cms.signed_attributes(SIGNER.certificate, bytes(range(32)))
    theirs = asyncio.run(
        pyhanko_signer(SIGNER).async_sign_prescribed_attributes(
            "sha256", asn1_cms.CMSAttributes.load(attributes)
        )
    )
    ours = cms.signed_data(SIGNER.certificate, attributes, SIGNER.sign(attributes))
    assert ours == theirs.dump()


def test_the_cms_contains_no_signing_time() -> None:
    attributes = asn1_cms.CMSAttributes.load(cms.signed_attributes(SIGNER.certificate, bytes(32)))
    kinds = [attribute["type"].native for attribute in attributes]
    assert kinds == ["content_type", "message_digest", "signing_certificate_v2"]
    assert datetime.now(UTC).strftime("%y%m").encode() not in attributes.dump()


@given(st.binary(min_size=32, max_size=32))
def test_every_cms_of_a_certificate_has_the_reserved_size(digest: bytes) -> None:
    attributes = cms.signed_attributes(SIGNER.certificate, digest)
    made = cms.signed_data(SIGNER.certificate, attributes, SIGNER.sign(attributes))
    assert len(made) == cms.size_bytes(SIGNER.certificate)
    assert len(attributes) <= cms.MAX_SIGNED_BYTES


@pytest.mark.parametrize("token_bytes", [100, 1_841, 4_096, 70_000])
def test_a_timestamp_is_an_unsigned_attribute(token_bytes: int) -> None:
    token = encode(SEQUENCE, bytes(token_bytes))
    attributes = cms.signed_attributes(SIGNER.certificate, bytes(32))
    signature = SIGNER.sign(attributes)
    made = cms.signed_data(SIGNER.certificate, attributes, signature, token)
    assert len(made) == cms.size_bytes(SIGNER.certificate, len(token))
    (signer,) = asn1_cms.ContentInfo.load(made, strict=True)["content"]["signer_infos"]
    (added,) = signer["unsigned_attrs"]
    assert added["type"].native == "signature_time_stamp_token"
    assert added["values"][0].dump() == token
    assert signer["signed_attrs"].untag().dump() == attributes
    assert signer["signature"].native == signature


@given(st.integers(0, 255), st.binary(max_size=70_000))
def test_encoded_der_is_read_back(tag: int, content: bytes) -> None:
    assert only(encode(tag, content)) == (tag, content, encode(tag, content))


@pytest.mark.parametrize(
    "broken", [b"\x30", b"\x30\x05\x00", b"\x30\x80\x00", b"\x30\x84\xff", b""]
)
def test_bytes_that_are_not_der_are_refused(broken: bytes) -> None:
    with pytest.raises(DerError):
        only(broken)


@given(st.binary(max_size=200))
def test_hostile_der_is_read_or_refused(content: bytes) -> None:
    try:
        found = list(elements(content))
    except DerError:
        return
    assert b"".join(element.encoded for element in found) == content
