"""The ports of `inspect` and of those who ask it, as `container.py` hands them out: made when first
asked for."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from meterai.domain.stamping.inspections import FileAddress, Question
from meterai.entrypoints.time_left import time_left
from meterai.ports import FileTransfer, PlaceSuggester, Preflight, Previewer, Repairer
from meterai.settings import Settings

if TYPE_CHECKING:
    from meterai.aws.inspection import InspectFunction

ANSWERED_WITHIN_S = 1.0
"""Kept of an invocation's time, for what follows the answer of `inspect`."""

STORED_WITHIN_S = 2.0
"""The same for what is done with storage, tables and keys while a document is stamped."""


def stamped_within_s() -> float:
    """What is repaired waits for its turn then, and is stamped and stored. A worker whose time is
    over loses its whole batch."""
    from meterai.pdf.sandbox import MAX_WAIT_SECONDS, WALL_SECONDS

    return MAX_WAIT_SECONDS + WALL_SECONDS + STORED_WITHIN_S


class InspectionPorts:
    """Of these, only `file_transfer` is for `inspect` itself."""

    def __init__(self, settings: Settings, pseudonym: Callable[[str], str]) -> None:
        self.settings = settings
        self._pseudonym = pseudonym

    @cached_property
    def preflight(self) -> Preflight:
        from meterai.aws.inspection import InspectedPreflight

        return InspectedPreflight(self.ask)

    @cached_property
    def previewer(self) -> Previewer:
        from meterai.aws.inspection import InspectedPreviewer

        return InspectedPreviewer(self.ask)

    @cached_property
    def place_suggester(self) -> PlaceSuggester:
        from meterai.aws.inspection import InspectedPlaceSuggester

        return InspectedPlaceSuggester(self.ask)

    @cached_property
    def repairer(self) -> Repairer:
        from meterai.aws import clients
        from meterai.aws.storage.repairs import S3Repairer

        bucket, ask = self.settings.documents_bucket, self._asking(stamped_within_s())
        return S3Repairer(clients.s3(), bucket, pseudonym=self._pseudonym, ask=ask)

    @cached_property
    def file_transfer(self) -> FileTransfer:
        from meterai.aws.storage.presigned_files import PresignedFiles

        return PresignedFiles()

    def ask(self, file: FileAddress, question: Question) -> Any:
        return self._asking(ANSWERED_WITHIN_S)(file, question)

    def _asking(self, reserved_s: float) -> "InspectFunction":
        """Leaves so much of the invocation's time to what follows."""
        from meterai.aws.inspection import InspectFunction

        return InspectFunction(
            self._client, self.settings.inspect_function, lambda: time_left() - reserved_s
        )

    def _client(self, within_s: int) -> Any:
        """Made when it is first needed, which in most stamping workers is never."""
        from meterai.aws import clients

        with clients.MAKING:
            return clients.lambda_(within_s)
