"""What belongs to the person who is signed in."""

from meterai.pages.answers import Shown
from meterai.pages.visits import Visit


def show(visit: Visit) -> Shown:
    """GET /saya. Raises SignInNeeded."""
    _ = visit.account
    return Shown("mine")
