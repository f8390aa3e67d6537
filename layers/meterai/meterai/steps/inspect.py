"""Inspect one file that a stranger made, apart from all keys: `aws/inspection.py` is who asks."""

import hashlib
from typing import Any, Protocol

from meterai.domain.stamping.inspections import FileAddress, Question, RepairQuestion
from meterai.ports import FileTransfer, Inspector


class InspectPorts(Protocol):
    @property
    def file_transfer(self) -> FileTransfer: ...
    @property
    def inspector(self) -> Inspector: ...


def inspect(file: FileAddress, question: Question, ports: InspectPorts) -> Any:
    """The answer. Raises DocumentMissing, DocumentRefused, Unavailable."""
    # 1. The file, with the hash that was declared.
    document = ports.file_transfer.fetch(file)
    # 2. What libraries make of it, in a sandbox.
    answer = ports.inspector(document, question)
    # 3. A repaired file is put where it is asked for, and named by its hash.
    if isinstance(question, RepairQuestion):
        ports.file_transfer.put(question.put_url, answer)
        return hashlib.sha256(answer).hexdigest()
    return answer
