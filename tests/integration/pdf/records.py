"""The verify step over the real reader: what was issued is on record here, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from meterai.domain.metrics import Metric
from meterai.domain.stamping.file_evidence import NamedSerial, SignatureFact
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.later_changes import LaterChanges
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.stamping.verdicts import VerificationResult
from meterai.pdf.inspections import PdfInspector
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.stamp_reader import PdfStampReader
from meterai.steps.verify import verify
from tests.fakes.asking import asking
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.stamping import AT, BOX, HOST, a_spec, serial, stamped
from tests.unit.domain.facts import emeterai

ELSEWHERE = replace(BOX, x_pt=100)


@cache
def keyring() -> SigningKeyring:
    return SigningKeyring(authority().signer.certificate, roots=(authority().root,))


def known_keyring(*, anew: bool = False) -> SigningKeyring:
    del anew
    return keyring()


@dataclass
class CountingReader:
    """`calls`: which parsers were asked."""

    reader: PdfStampReader
    calls: list[str] = field(default_factory=list)

    def named_serials(self, document: bytes) -> Sequence[NamedSerial]:
        return self.reader.named_serials(document)

    def prefix_hashes(self, document: bytes, sizes: Collection[int]) -> Mapping[int, str]:
        return self.reader.prefix_hashes(document, sizes)

    def signers(self, document: bytes, serials: Collection[Serial]) -> Mapping[Serial, str]:
        return self.reader.signers(document, serials)

    def signatures(self, document: FileAddress) -> Sequence[SignatureFact]:
        self.calls.append("signatures")
        return self.reader.signatures(document)

    def drawn_serials(self, document: FileAddress) -> Sequence[Serial]:
        self.calls.append("drawn_serials")
        return self.reader.drawn_serials(document)

    def later_changes(self, document: FileAddress, issued_bytes: int) -> LaterChanges:
        self.calls.append("later_changes")
        return self.reader.later_changes(document, issued_bytes)


@dataclass
class Records:
    """What a system issued, and its `VerifyPorts`."""

    by_serial: dict[Serial, EMeterai] = field(default_factory=dict)
    file: bytes = b""
    alarms: list[Metric] = field(default_factory=list)
    inspector: PdfInspector = field(
        default_factory=lambda: PdfInspector(portal_limit_bytes=800_000, public_host=HOST)
    )

    @cached_property
    def stamp_reader(self) -> CountingReader:
        return CountingReader(PdfStampReader(known_keyring, asking(self)))

    @property
    def file_transfer(self) -> "Records":
        return self

    @property
    def documents(self) -> "Records":
        return self

    @property
    def serials(self) -> "Records":
        return self

    @property
    def metrics(self) -> "Records":
        return self

    def issue(self, document: bytes, *places: Placement) -> bytes:
        """One stamping with an e-meterai in each place (one, if none is given), on record."""
        first = len(self.by_serial) + 1
        chosen = places or (BOX,)
        specs = [a_spec(first + n, place) for n, place in enumerate(chosen)]
        made = stamped(document, *specs)
        self.add(document, made, *(spec.serial for spec in specs))
        return made

    def add(self, document: bytes, made: bytes, *serials: Serial, **changes: Any) -> None:
        for slot, one in enumerate(serials):
            self.by_serial[one] = replace(
                emeterai(one, slot, SerialState.STAMPED),
                serials=serials,
                document=Output.of(document).sha256,
                outputs=(Output.of(made),),
                stamped_at=AT,
                **changes,
            )

    def change(self, number: int, **changes: Any) -> None:
        """Of the e-meterai with this number, counted from 1."""
        one = serial(number)
        self.by_serial[one] = replace(self.by_serial[one], **changes)

    def verdict(self, file: bytes) -> VerificationResult:
        self.file = file
        self.stamp_reader.calls.clear()
        return verify("somebody", Output.of(file).sha256, self)  # type: ignore[arg-type]

    # The ports

    def get(self, account: str, sha256: str) -> bytes:
        del account, sha256
        return self.file

    def locate(self, account: str, sha256: str) -> FileAddress:
        del account
        return FileAddress("", sha256, len(self.file))

    def fetch(self, file: FileAddress) -> bytes:
        del file
        return self.file

    def put(self, url: str, content: bytes) -> None:
        """Nothing is repaired here."""

    def stamped_output(self, one: EMeterai) -> Output | None:
        del one
        return None

    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        return tuple(self.by_serial[one] for one in serials if one in self.by_serial)

    def record(self, metric: Metric, value: int = 1) -> None:
        self.alarms.extend([metric] * value)
