"""/saya/berkas: a stamped file, by an address that is made when somebody asks for it."""

from meterai.domain.errors import NotFound
from meterai.pages.answers import Redirect
from meterai.pages.visits import Visit
from meterai.steps.read_stamping import StampingStatus, read_stamping


def download(visit: Visit, stamping_id: str) -> Redirect:
    """The file as it was issued."""
    return _to(_read(visit, stamping_id).download_url)


def download_augmented(visit: Visit, stamping_id: str) -> Redirect:
    """The same file with timestamps and certificates added."""
    return _to(_read(visit, stamping_id).augmented_url)


def _read(visit: Visit, stamping_id: str) -> StampingStatus:
    return read_stamping(visit.account, stamping_id, visit.ports, visit.now)


def _to(url: str | None) -> Redirect:
    if url is None:
        raise NotFound
    return Redirect(url)
