"""A certificate request (PKCS #10, RFC 2986) for a key that never leaves KMS."""

from collections.abc import Callable, Mapping

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.csr import CertificationRequest, CertificationRequestInfo
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Name

REQUEST_PEM = "CERTIFICATE REQUEST"

NAMES = {
    "C": "country_name",
    "ST": "state_or_province_name",
    "L": "locality_name",
    "O": "organization_name",
    "OU": "organizational_unit_name",
    "CN": "common_name",
    "serialNumber": "serial_number",
    "organizationIdentifier": "organization_identifier",
}


def certificate_request(
    subject: Mapping[str, str], public_key: bytes, sign: Callable[[bytes], bytes]
) -> bytes:
    """The request, DER. `subject` is keyed by the short names in `NAMES`, in the order of the
    certificate; `public_key` is a SubjectPublicKeyInfo (DER); `sign` is RSASSA-PKCS1-v1_5 with
    SHA-256."""
    info = CertificationRequestInfo(
        {
            "version": "v1",
            "subject": Name.build({NAMES[name]: value for name, value in subject.items()}),
            "subject_pk_info": PublicKeyInfo.load(public_key),
            "attributes": [],
        }
    )
    request = CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": sign(info.dump()),
        }
    )
    return bytes(request.dump())
