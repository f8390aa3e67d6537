"""`python -m meterai.pages.compile`: compiles templates and catalogues in place, for the layer.

/opt is read-only on Lambda: what is not compiled there is compiled again at each cold start.
"""

from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from meterai.languages import Language
from meterai.pages.environment import CATALOGUES, COMPILED, environment


def main() -> None:
    # Texts are looked up when a page is shown: one set of compiled templates serves both languages.
    environment(Language.INDONESIAN).compile_templates(COMPILED, zip=None, ignore_errors=False)
    for source in CATALOGUES.rglob("*.po"):
        compiled = BytesIO()
        with source.open("rb") as file:
            write_mo(compiled, read_po(file))
        source.with_suffix(".mo").write_bytes(compiled.getvalue())
        source.unlink()


if __name__ == "__main__":
    main()
