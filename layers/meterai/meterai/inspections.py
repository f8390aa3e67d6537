"""What passes between `inspect` and those who ask it: JSON in both directions.

`inspect` may be in a stranger's hands, so its answers are bytes that become facts here: values of
the expected types, and no refusals but a document's.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from meterai.domain.errors import (
    DocumentMissing,
    DocumentRefused,
    MeteraiError,
    Unavailable,
    by_code,
)
from meterai.domain.stamping.inspections import FileAddress, Question

_QUESTIONS: Mapping[str, type[Question]] = {kind.name: kind for kind in get_args(Question)}
_T = TypeVar("_T")


class _Message(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",  # in the dataclasses within, too: it tells placement requests apart
        hide_input_in_errors=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )


class _Asked(_Message, Generic[_T]):
    ask: str
    file: FileAddress
    question: _T


class _Answered(_Message, Generic[_T]):
    answer: _T


class _Refused(_Message):
    refusal: str
    values: dict[str, str | int]


def write_question(file: FileAddress, question: Question) -> bytes:
    kind = type(question)
    asked = _Asked[kind](ask=kind.name, file=file, question=question)  # type: ignore[valid-type]
    return asked.model_dump_json().encode()


def read_question(event: Mapping[str, Any]) -> tuple[FileAddress, Question]:
    """From the event as Lambda's runtime has read it. Raises ValidationError, KeyError: a mistake
    of ours."""
    kind = _QUESTIONS[event["ask"]]
    asked = _Asked[kind].model_validate_json(json.dumps(event))  # type: ignore[valid-type]
    return asked.file, asked.question


def write_answer(question: Question, answer: object) -> dict[str, Any]:
    return _Answered[question.answer](answer=answer).model_dump(mode="json")  # type: ignore[name-defined]


def write_refusal(refusal: MeteraiError) -> dict[str, Any]:
    return _Refused(refusal=refusal.code, values=refusal.values).model_dump(mode="json")


def read_answer(question: Question, payload: bytes) -> Any:
    """The answer, of the question's type. Raises the refusal that it is instead, and Unavailable
    where it is neither."""
    try:
        said = _answers(question.answer).validate_json(payload)
    except ValidationError as error:
        raise Unavailable(party="inspect", reason="malformed") from error
    if isinstance(said, _Refused):
        refused = _refusals().get(said.refusal)
        if refused is None:
            raise Unavailable(party="inspect", reason=said.refusal)
        raise refused(**said.values)
    return said.answer


@cache
def _answers(kind: Any) -> TypeAdapter[Any]:
    either: Any = _Answered[kind] | _Refused
    return TypeAdapter(either)


@cache
def _refusals() -> Mapping[str, type[MeteraiError]]:
    return by_code(DocumentMissing, DocumentRefused)
