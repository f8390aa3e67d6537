"""Revocation data for the certificates of a path: OCSP responses, or else CRLs.

pyHanko's own fetchers need aiohttp or requests, and do not fetch for a given time. Importing this
takes half a second, so it is imported only for augmentation.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from asn1crypto import crl, ocsp, pem
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.errors import OCSPFetchError, OCSPValidationError
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    process_ocsp_response_data,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from meterai.domain.errors import Unavailable

Fetch = Callable[..., bytes]
"""Takes a URL, and for a POST body and content type; returns the body or raises Unavailable."""


@dataclass
class RevocationFacts:
    """What was fetched for one file. Nothing is fetched twice."""

    fetch: Fetch
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    crls: dict[str, crl.CertificateList] = field(default_factory=dict)
    _known: set[bytes] = field(default_factory=set)

    def gather(self, path: ValidationPath) -> None:
        """For each certificate of the path but its root. Raises Unavailable where a certificate
        names responders or lists and none of them answers."""
        certificates: list[Certificate] = list(path.iter_certs(include_root=True))
        for issuer, certificate in pairwise(certificates):
            if certificate.sha256 in self._known or certificate.ocsp_no_check_value is not None:
                continue
            self._ask(certificate, issuer)
            self._known.add(certificate.sha256)

    def responders(self) -> Iterator[Certificate]:
        """The certificates that came with OCSP responses."""
        for response in self.ocsps:
            yield from response.basic_ocsp_response["certs"] or ()

    def _ask(self, certificate: Certificate, issuer: Certificate) -> None:
        responders = get_ocsp_urls(certificate)
        lists = list(_crl_urls(certificate))
        for url in responders:
            if self._ask_responder(url, certificate, issuer):
                return
        for url in lists:
            if url in self.crls or self._fetch_list(url):
                return
        if responders or lists:
            raise Unavailable(party="revocation", reason="no_answer")

    def _ask_responder(self, url: str, certificate: Certificate, issuer: Certificate) -> bool:
        question = format_ocsp_request(
            certificate, AuthorityWithCert(issuer), certid_hash_algo="sha1", request_nonces=False
        )
        try:
            answer = self.fetch(url, question.dump(), "application/ocsp-request")
            self.ocsps.append(
                process_ocsp_response_data(answer, ocsp_request=question, ocsp_url=url)
            )
        except (Unavailable, OCSPFetchError, OCSPValidationError, ValueError):
            return False
        return True

    def _fetch_list(self, url: str) -> bool:
        try:
            answer = self.fetch(url)
            if pem.detect(answer):
                _, _, answer = pem.unarmor(answer)
            self.crls[url] = crl.CertificateList.load(answer, strict=True)
        except (Unavailable, ValueError):
            return False
        return True


def _crl_urls(certificate: Certificate) -> Iterable[str]:
    for point in get_relevant_crl_dps(certificate, use_deltas=False):
        yield from enumerate_delivery_point_urls(point)
