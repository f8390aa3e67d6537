"""`inspect` in this process: each question and answer passes as JSON, as between two functions."""

import json
from collections.abc import Callable
from typing import Any

from meterai.domain.errors import DocumentMissing, DocumentRefused
from meterai.domain.stamping.inspections import FileAddress, Question
from meterai.inspections import (
    read_answer,
    read_question,
    write_answer,
    write_question,
    write_refusal,
)
from meterai.steps.inspect import InspectPorts, inspect


def asking(ports: InspectPorts) -> Callable[[FileAddress, Question], Any]:
    def ask(file: FileAddress, question: Question) -> Any:
        said = _inspected(json.loads(write_question(file, question)), ports)
        return read_answer(question, json.dumps(said).encode())

    return ask


def _inspected(event: dict[str, Any], ports: InspectPorts) -> dict[str, Any]:
    file, question = read_question(event)
    try:
        return write_answer(question, inspect(file, question, ports))
    except (DocumentMissing, DocumentRefused) as refusal:
        return write_refusal(refusal)
