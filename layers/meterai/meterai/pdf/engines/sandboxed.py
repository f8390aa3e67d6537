"""An engine that runs in a sandbox, because its library may loop or crash on a hostile document."""

from collections.abc import Sequence
from operator import methodcaller

from meterai.pdf.engines.engine import Engine, PreparedDocument, SigningContext
from meterai.pdf.sandbox import Sandbox
from meterai.pdf.stamp_spec import StampSpec


class SandboxedDocument:
    """See `engine.PreparedDocument`. The first digest is computed on construction, so that an
    engine that does not support the document says so before it is chosen."""

    def __init__(
        self, engine: Engine, document: bytes, specs: Sequence[StampSpec], context: SigningContext
    ) -> None:
        self._child = Sandbox[PreparedDocument](
            lambda: engine(document, specs, context), context.budget
        )
        try:
            self._first: bytes | None = self._digest()
        except BaseException:
            self._child.close()
            raise

    def digest(self) -> bytes:
        first, self._first = self._first, None
        return first if first is not None else self._digest()

    def fill(self, signature_cms: bytes) -> None:
        self._child.ask(methodcaller("fill", signature_cms))

    def finished(self) -> bytes:
        document: bytes = self._child.ask(methodcaller("finished"))
        self.close()  # its turn ends here, before the document is stored
        return document

    def close(self) -> None:
        self._child.close()

    def _digest(self) -> bytes:
        digest: bytes = self._child.ask(methodcaller("digest"))
        return digest
