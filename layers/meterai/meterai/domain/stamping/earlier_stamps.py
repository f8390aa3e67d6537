"""Whether a document may be stamped again: by what is on record of the e-meterai that it bears."""

from collections.abc import Callable, Sequence

from meterai.domain.errors import EarlierStampBroken
from meterai.domain.stamping.outputs import is_listed
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState

MAX_CHANGED_STAMPS = 100
"""That are looked up; no honest file has more."""


def refuse_changed(
    document: str, facts: DocumentFacts, get_many: Callable[[Sequence[Serial]], Sequence[EMeterai]]
) -> None:
    """Raises EarlierStampBroken where an e-meterai that no longer holds is on record: another one
    would lend its name to a changed file. What others call by such a name is theirs to judge, and
    a file as it was issued (`document`, its SHA-256) holds, whatever readers say of it."""
    changed = facts.changed_stamps
    if len(changed) > MAX_CHANGED_STAMPS:
        raise EarlierStampBroken(serial=changed[0])
    for record in get_many(changed) if changed else ():
        if record.state is not SerialState.VOID and not is_listed(document, record.outputs):
            raise EarlierStampBroken(serial=record.serial)
