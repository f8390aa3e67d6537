"""What the signatures of one file are validated with: nothing but what the file contains.

A file holds certificates, OCSP responses and CRLs of several parties, and any of them may be
unreadable or look like ours. So what cannot be read is left out and named, and a signature is
judged with its own certificates first; those of others only help where these do not suffice.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from asn1crypto.core import Asn1Value
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko_certvalidator import ValidationContext

from meterai.pdf.structure.objects import dictionary_in, follow, items_in

MAX_STREAMS = 1_000


class Status(Protocol):
    """The part of pyHanko's verdicts that is needed here."""

    @property
    def trusted(self) -> bool: ...
    @property
    def revoked(self) -> bool: ...


_S = TypeVar("_S", bound=Status)


@dataclass(frozen=True, slots=True)
class SecurityStore:
    """The readable content of the file's DSS (ISO 32000-2, 12.8.4.3). `unreadable`: the others, as
    `/OCSPs 1`, counted from 1."""

    certificates: Sequence[Certificate] = ()
    ocsps: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()
    unreadable: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ValidationData:
    """`others`: the certificates in the file's signatures. `signers`: the only ones that count as
    trusted, if given. `timestamps`: for each valid document timestamp, the end of its byte range
    and its time."""

    roots: Sequence[Certificate]
    store: SecurityStore
    others: Sequence[Certificate]
    signers: Collection[bytes] | None = None
    timestamps: Sequence[tuple[float, datetime]] = ()

    def accepts(self, signer: Certificate) -> bool:
        return self.signers is None or signer.dump() in self.signers

    @property
    def proves_revocation(self) -> bool:
        return bool(self.store.ocsps or self.store.crls)

    def judged(
        self,
        validate: Callable[[ValidationContext], _S],
        moment: datetime | None,
        mode: str = "soft-fail",
    ) -> _S:
        """The verdict with the first certificates that suffice, else with the signature's own.

        More certificates never make a signature less trusted, and no revocation that was found is
        passed over. Raises what `validate` raises with each of them.
        """
        first: _S | None = None
        problem: Exception | None = None
        for context in self._contexts(moment, mode):
            try:
                status = validate(context)
            except Exception as error:  # noqa: BLE001 - hostile data may raise anything
                problem = problem or error
                continue
            if status.trusted or status.revoked:
                return status
            first = first if first is not None else status
        if first is not None:
            return first
        without = ValidationData(self.roots, SecurityStore(), ())
        if problem is not None and self.proves_revocation:
            return validate(without.context(moment, mode, ()))
        assert problem is not None
        raise problem

    def _contexts(self, moment: datetime | None, mode: str) -> Iterator[ValidationContext]:
        yield self.context(moment, mode, ())
        if self.store.certificates:
            yield self.context(moment, mode, self.store.certificates)
        if self.others:
            yield self.context(moment, mode, [*self.store.certificates, *self.others])

    def context(
        self, moment: datetime | None, mode: str, certificates: Sequence[Certificate]
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(certificates),
            ocsps=list(self.store.ocsps),
            crls=list(self.store.crls),
            moment=moment,
            allow_fetching=False,
            revocation_mode=mode,
            retroactive_revinfo=True,  # OCSP responses and CRLs are younger than `moment`
        )


def read_store(reader: PdfFileReader) -> SecurityStore:
    """Whatever can be read of it."""
    unreadable: list[str] = []

    def readable(key: str, kind: type[Asn1Value]) -> Iterator[tuple[bytes, Asn1Value]]:
        for place, written in enumerate(items[key][:MAX_STREAMS], start=1):
            try:
                data = bytes(follow(written).data)
                parsed = kind.load(data, strict=True)
                parsed.native  # noqa: B018 - parses all of it, which raises here and not later
            except Exception:  # noqa: BLE001 - a hostile stream may raise anything
                unreadable.append(f"{key} {place}")
            else:
                yield data, parsed

    try:
        store = dictionary_in(reader.root, "/DSS")
        keys = ("/Certs", "/OCSPs", "/CRLs")
        items = {key: items_in(store, key) if store is not None else [] for key in keys}
    except Exception:  # noqa: BLE001 - as above
        return SecurityStore(unreadable=("/DSS",))
    certificates = [one for _, one in readable("/Certs", Certificate)]
    ocsps = [data for data, _ in readable("/OCSPs", OCSPResponse)]
    crls = [data for data, _ in readable("/CRLs", CertificateList)]
    return SecurityStore(certificates, ocsps, crls, tuple(unreadable))
