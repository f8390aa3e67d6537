"""Read a serial: what anybody who holds the document may know of its e-meterai."""

from meterai.domain.errors import NotFound
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.ports import Serials


def read_serial(serial: Serial | None, *, store: Serials) -> EMeterai:
    """A stamped e-meterai. Raises NotFound for any other, whether it never was, is reserved or is
    void: the public is told nothing that is not on a document."""
    emeterai = store.get(serial) if serial else None
    if emeterai is None or emeterai.state is not SerialState.STAMPED:
        raise NotFound
    return emeterai
