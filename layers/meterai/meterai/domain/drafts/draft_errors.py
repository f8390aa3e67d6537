"""How a draft can be refused: leaves of the one tree (`domain/errors.py`)."""

from meterai.domain.errors import Refusal


class DraftOrdered(Refusal):
    """A draft whose documents are to be changed is ordered."""

    code = "draft_ordered"


class DraftChanged(Refusal):
    """The draft is no longer what its owner saw when they ordered it."""

    code = "draft_changed"
