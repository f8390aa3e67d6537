"""A certificate authority on this machine: root, issuer, OCSP responder, CRLs and a timestamp
server.

It is certomancer on a loopback port. Keys are made anew at each start. Every public key gets a
certificate, so a system can change its key while the authority keeps running.
"""

import base64
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.local.loopback import LoopbackServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OWN = ("root", "issuer", "responder", "tsa")
NAMES = {
    "root": "Development root",
    "issuer": "Development issuer",
    "responder": "Development OCSP responder",
    "tsa": "Development timestamp server",
}
CENTURY = ("2020-01-01", "2050-01-01")


class LocalAuthority:
    """`url` is its address. `at`: its present time, for tests that move it; None is the real time.

    `timestamps_are_down` and `revocation_is_down` make those services answer 503.
    """

    def __init__(self, port: int = 0, *, at: datetime | None = None) -> None:
        self.at = at
        self.timestamps_are_down = False
        self.revocation_is_down = False
        self._server = LoopbackServer(port)
        self.url = self._server.url
        self._folder = TemporaryDirectory()
        for name in OWN:
            self._store(name, _private_key(name))
        self._issued: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._architecture = self._described()
        self._server.start(self._serve)

    def __enter__(self) -> "LocalAuthority":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._folder.cleanup()

    @property
    def timestamp_url(self) -> str:
        return f"{self.url}/local/tsa/tsa"

    @property
    def root(self) -> bytes:
        """DER, like every certificate here."""
        return self._certificate("root")

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates between an issued certificate and the root."""
        return (self._certificate("issuer"),)

    def certify(
        self, public_key: bytes, *, name: str = "Meterai SPESIMEN", until: str = "2040-01-01"
    ) -> bytes:
        """A signing certificate for the public half of a key (DER SubjectPublicKeyInfo)."""
        with self._lock:
            label = f"system{len(self._issued)}"
            armoured = base64.encodebytes(public_key)
            pem = b"-----BEGIN PUBLIC KEY-----\n" + armoured + b"-----END PUBLIC KEY-----\n"
            self._store(label, pem)
            self._issued[label] = {"name": name, "until": until}
            self._architecture = self._described()
        return self._certificate(label)

    def revoke(self, since: datetime) -> None:
        """Revokes the last certificate that was issued, as of `since`."""
        with self._lock:
            self._issued[list(self._issued)[-1]]["revoked"] = since.isoformat()
            self._architecture = self._described()

    def _certificate(self, label: str) -> bytes:
        return bytes(self._architecture.get_cert(CertLabel(label)).dump())

    def _store(self, name: str, pem: bytes) -> None:
        (Path(self._folder.name) / f"{name}.pem").write_bytes(pem)

    def _described(self) -> PKIArchitecture:
        """Serial numbers are explicit, so that earlier certificates stay the same."""
        text = yaml.safe_dump(_description(self._issued))
        config = CertomancerConfig.from_yaml(text, self._folder.name, external_url_prefix=self.url)
        return config.get_pki_arch(ArchLabel("local"))

    def _serve(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        is_down = self.timestamps_are_down if "/tsa/" in path else self.revocation_is_down
        if is_down:
            start("503 Service Unavailable", [("Content-Length", "0")])
            return []
        store = AnimatorArchStore({ArchLabel("local"): self._architecture})
        answer: Callable[..., Iterable[bytes]] = Animator(store, self.at, with_web_ui=False)
        return answer(environ, start)


def _description(issued: dict[str, dict[str, Any]]) -> dict[str, Any]:
    services = {"crl-repo": "issuer", "ocsp-service": "issuer"}
    certificates: dict[str, Any] = {
        "root": _certificate("root", 1, profiles=[_ca(1, {"crl-repo": "root"})]),
        "issuer": _certificate("root", 2, profiles=[_ca(0, services)]),
        "responder": _certificate("issuer", 3, profiles=["ocsp-responder"]),
        "tsa": _certificate(
            "issuer",
            4,
            extensions=[
                _key_usage("digital_signature"),
                {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
            ],
        ),
    }
    for number, (label, one) in enumerate(issued.items(), start=5):
        certificates[label] = _certificate(
            "issuer",
            number,
            until=one["until"],
            extensions=[_key_usage("digital_signature", "non_repudiation")],
        )
        if "revoked" in one:
            since = {"revoked-since": one["revoked"], "reason": "key_compromise"}
            certificates[label]["revocation"] = since
    names = NAMES | {label: one["name"] for label, one in issued.items()}
    keys: dict[str, Any] = {name: {"path": f"{name}.pem"} for name in OWN}
    keys |= {label: {"path": f"{label}.pem", "public-only": True} for label in issued}
    return {
        "keysets": {"keys": {"keys": keys}},
        "pki-architectures": {
            "local": {
                "keyset": "keys",
                "entity-defaults": {
                    "country-name": "ID",
                    "organization-name": "Meterai development",
                },
                "entities": {label: {"common-name": name} for label, name in names.items()},
                "certs": certificates,
                "services": {
                    "ocsp": {"issuer": {"for-issuer": "issuer", "responder-cert": "responder"}},
                    "crl-repo": {
                        name: {"for-issuer": name, "simulated-update-schedule": "P30D"}
                        for name in ("root", "issuer")
                    },
                    "time-stamping": {"tsa": {"signing-cert": "tsa"}},
                },
            }
        },
    }


def _certificate(issuer: str, serial: int, until: str = CENTURY[1], **more: Any) -> dict[str, Any]:
    begins, ends = (f"{day}T00:00:00+0000" for day in (CENTURY[0], until))
    validity = {"valid-from": begins, "valid-to": ends}
    return {"issuer": issuer, "serial": serial, "validity": validity, **more}


def _ca(longest_path: int, services: dict[str, str]) -> dict[str, Any]:
    return {"id": "simple-ca", "params": {"max-path-len": longest_path, **services}}


def _key_usage(*uses: str) -> dict[str, Any]:
    value = {"schema": "key-usage", "params": list(uses)}
    return {"id": "key_usage", "critical": True, "smart-value": value}


@cache
def _private_key(name: str) -> bytes:
    """One for each name and process: making them takes most of the time of a start."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
