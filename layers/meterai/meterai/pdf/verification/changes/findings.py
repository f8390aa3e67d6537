"""What the structure of later revisions says, and what is left to compare by drawing."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.verdicts import Cause

MAX_CHANGES = 100


class Altered(Exception):
    """An issued object is replaced, or can be read in two ways. `page` counts from 1."""

    def __init__(self, what: ChangeKind, page: int | None = None, why: str = "") -> None:
        super().__init__(why or what.value)
        self.what = what
        self.page = page


@dataclass(slots=True)
class Findings:
    """`boxes`: of new or newly signed fields, by page index. `pages`: indexes of those to draw.
    `causes`: why the structure alone says that what is seen is touched."""

    changes: list[Change] = field(default_factory=list)
    boxes: dict[int, list[Rectangle]] = field(default_factory=dict)
    pages: set[int] = field(default_factory=set)
    draws_all_pages: bool = False
    causes: set[Cause] = field(default_factory=set)

    def covered(self, cause: Cause) -> None:
        self.causes.add(cause)

    @property
    def cause(self) -> Cause | None:
        """The worst: a page that is changed is more than a form that is filled."""
        return Cause.CHANGED if Cause.CHANGED in self.causes else min(self.causes, default=None)

    def add(self, change: Change) -> None:
        if len(self.changes) < MAX_CHANGES:
            self.changes.append(change)

    def place(self, page_index: int, box: Rectangle | None) -> None:
        self.pages.add(page_index)
        if box is not None:
            self.boxes.setdefault(page_index, []).append(box)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed in a revision, for the changes of that revision."""

    what: ChangeKind
    name: str | None
    at: datetime | None


def signed(change: Change, signer: Signer | None) -> Change:
    return change if signer is None else replace(change, signer=signer.name, at=signer.at)
