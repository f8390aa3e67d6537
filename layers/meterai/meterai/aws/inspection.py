"""The questions about a file, put to the function `inspect`.

One invocation for each, and one more where it was throttled or its connection failed. What was slow
is not invoked again while somebody waits, and nobody waits for longer than they may run themselves:
several questions share that time. A try that failed says nothing about the file, so it is
`Unavailable`, and those who asked try again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectionError,  # noqa: A004 (botocore's own: no connection was made)
)

from meterai.aws.clients import CONNECT_WITHIN_S, INSPECT_WITHIN_S
from meterai.aws.errors import THROTTLED, code_of, pause, translate_aws_errors
from meterai.domain.errors import Unavailable
from meterai.domain.stamping.inspections import (
    FileAddress,
    PlacesQuestion,
    PreflightQuestion,
    PreviewQuestion,
    Question,
)
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.domain.stamping.preflight import DocumentFacts, Preview, SuggestedPlaces
from meterai.inspections import read_answer, write_question

Ask = Callable[[FileAddress, Question], Any]
"""The answer, of the type that the question names."""


class LambdaClient(Protocol):
    """What is used of boto3's."""

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any: ...  # noqa: N803


@dataclass(frozen=True, slots=True)
class InspectFunction:
    """See `Ask`. Raises the refusals that `inspect` answers, and Unavailable."""

    client_within: Callable[[int], LambdaClient]
    """That waits so many seconds for an answer."""
    name: str
    left_s: Callable[[], float]
    """How long those who ask can wait."""

    def __call__(self, file: FileAddress, question: Question) -> Any:
        with translate_aws_errors("inspect"):
            reply = self._invoke(write_question(file, question))
            payload = reply["Payload"].read()
        if "FunctionError" in reply:  # it crashed, or its time was over
            raise Unavailable(party="inspect", reason=reply["FunctionError"])
        return read_answer(question, payload)

    def _invoke(self, payload: bytes) -> Any:
        """A question may be put twice; only the time for a second try is not always there."""
        try:
            return self._client().invoke(FunctionName=self.name, Payload=payload)
        except (ConnectionError, ConnectionClosedError):
            pass
        except ClientError as failure:
            if code_of(failure) not in THROTTLED:
                raise
        pause(5)  # 0.3 s at most
        return self._client().invoke(FunctionName=self.name, Payload=payload)

    def _client(self) -> LambdaClient:
        left_s = self.left_s() - CONNECT_WITHIN_S
        for within_s in INSPECT_WITHIN_S:
            if within_s <= left_s:
                return self.client_within(within_s)
        raise Unavailable(party="inspect", reason="no_time")


@dataclass(frozen=True, slots=True)
class InspectedPreflight:
    """See `ports.Preflight`."""

    ask: Ask

    def __call__(
        self,
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        allow_overlap: bool,
        repair: bool = False,
        pictures: bool = False,
    ) -> DocumentFacts:
        question = PreflightQuestion(
            tuple(requests), allow_overlap=allow_overlap, repair=repair, pictures=pictures
        )
        facts: DocumentFacts = self.ask(document, question)
        return facts


@dataclass(frozen=True, slots=True)
class InspectedPreviewer:
    """See `ports.Previewer`."""

    ask: Ask

    def __call__(
        self,
        document: FileAddress,
        requests: Sequence[PlacementRequest],
        *,
        page: int | None,
        dpi: int,
        repair: bool = False,
    ) -> Preview:
        question = PreviewQuestion(tuple(requests), page=page, dpi=dpi, repair=repair)
        preview: Preview = self.ask(document, question)
        return preview


@dataclass(frozen=True, slots=True)
class InspectedPlaceSuggester:
    """See `ports.PlaceSuggester`."""

    ask: Ask

    def __call__(
        self, document: FileAddress, *, page: int | None, side_pt: float, repair: bool = False
    ) -> SuggestedPlaces:
        question = PlacesQuestion(page=page, side_pt=side_pt, repair=repair)
        places: SuggestedPlaces = self.ask(document, question)
        return places
