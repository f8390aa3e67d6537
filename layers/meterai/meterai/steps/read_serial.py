"""Read a serial: what anybody who holds the document may know of its e-meterai."""

from meterai.domain.errors import NotFound
from meterai.domain.serials import Serial
from meterai.domain.stampings import EMeterai, SerialState
from meterai.ports import Serials


def read_serial(serial: Serial | None, *, stock: Serials) -> EMeterai:
    """A stamped e-meterai. Raises NotFound for any other, whether it never was, is reserved or is
    void: the public is told nothing that is not on a document."""
    emeterai = stock.get(serial) if serial else None
    if emeterai is None or emeterai.state is not SerialState.STAMPED:
        raise NotFound
    return emeterai
