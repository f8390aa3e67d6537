"""/…/proses and /…/berkas: what became of each document, and its stamped file."""

from dataclasses import dataclass

from meterai.api.queue_estimates import (
    EstimateAnswer,
    PositionAnswer,
    estimate_of,
    poll_after_ms,
    position_of,
)
from meterai.api.stampings import SOON_MS
from meterai.domain.orders.orders import OrderState
from meterai.languages import Text
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.ordered_drafts import (
    address_of,
    again_s,
    picture_address,
    progress_of,
    refresh_s,
)
from meterai.pages.visits import Visit
from meterai.problems import PROBLEMS
from meterai.steps.read_draft import DocumentProgress, DraftProgress


@dataclass(frozen=True, slots=True)
class ShownFile:
    """`refused`: what is wrong with the document. `fits`: its stamped file is not larger than a
    portal takes."""

    progress: DocumentProgress
    picture: str
    position: PositionAnswer | None = None
    estimate: EstimateAnswer | None = None
    refused: Text | None = None
    fits: bool = True


def show_progress(visit: Visit, draft: str) -> PageAnswer:
    """Turns to the files once nothing waits any more."""
    progress = progress_of(visit, draft)
    order = progress.order
    if order is None or order.state is not OrderState.PAID:
        return Redirect(address_of(progress.draft, "bayar"))
    if not progress.is_waiting:
        return Redirect(address_of(progress.draft, "berkas"))
    positions = [one.position for one in progress.documents if one.is_waiting]
    poll_ms = min(poll_after_ms(one, SOON_MS) for one in positions)
    values = {"again_s": again_s(poll_ms)}
    return Shown("progress", _values(visit, progress) | values, refresh_s=refresh_s(poll_ms))


def show_files(visit: Visit, draft: str) -> PageAnswer:
    progress = progress_of(visit, draft)
    if progress.order is None or (progress.is_waiting and not progress.is_stamped):
        return Redirect(address_of(progress.draft, "proses"))
    if not progress.is_stamped and progress.order.state is not OrderState.PAID:
        return Redirect(address_of(progress.draft, "bayar"))
    values = {
        "limit_bytes": visit.ports.settings.portal_limit_bytes,
        "is_stamped": progress.is_stamped,
        "is_waiting": progress.is_waiting,
    }
    return Shown("stamped_files", _values(visit, progress) | values)


def _values(visit: Visit, progress: DraftProgress) -> dict[str, object]:
    return {
        "draft": progress.draft,
        "address": address_of(progress.draft),
        "files": [_file(one, progress, visit) for one in progress.documents],
    }


def _file(one: DocumentProgress, progress: DraftProgress, visit: Visit) -> ShownFile:
    problem = PROBLEMS.get(one.emeterai.void_code or "") if one.emeterai else None
    outputs = one.emeterai.outputs if one.emeterai else ()
    limit = visit.ports.settings.portal_limit_bytes
    return ShownFile(
        one,
        picture_address(progress.draft, one.number, one.document),
        position_of(one.position),
        estimate_of(one.position),
        refused=problem.title if problem else None,
        fits=all((output.size_bytes or 0) <= limit for output in outputs[:1]),
    )
