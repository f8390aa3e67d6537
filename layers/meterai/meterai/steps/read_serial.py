"""Read a serial: what anybody who holds the document may know of its e-meterai."""

from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.stamping.serials import typed_serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.ports import Serials


class ReadSerialPorts(Protocol):
    @property
    def serials(self) -> Serials: ...


def read_serial(text: str, ports: ReadSerialPorts) -> EMeterai:
    """A stamped e-meterai. Raises NotFound for any other, whether it never existed, is reserved or
    is void: the public learns nothing that is not on a document."""
    serial = typed_serial(text)
    emeterai = ports.serials.get(serial) if serial else None  # pragma: no mutate: same answer
    if emeterai is None or emeterai.state is not SerialState.STAMPED:
        raise NotFound
    return emeterai
