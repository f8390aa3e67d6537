"""`python -m tests.tools.texts`: brings the pages' English catalogue in step with their templates.

New texts are added without a translation, texts that no template has are removed. Exits with 1
while a text has no English. `--check` changes nothing, and also fails where the two are not in
step.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PAGES = Path(__file__).parents[2] / "layers/meterai/meterai/pages"
ENGLISH = PAGES / "translations/en/LC_MESSAGES/pages.po"
JINJA = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "newstyle_gettext": "true"}
WIDTH = 100
# Without dates: two who add a text would always be in conflict.
HEADER = rb"""msgid ""
msgstr ""
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"Content-Type: text/plain; charset=utf-8\n"

"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_checks = parser.parse_args().check
    before = ENGLISH.read_bytes() if ENGLISH.exists() else b""
    english = in_step(before)
    after = written(english)
    missing = list(untranslated(english))
    for text in missing:
        print(f"no English: {text}", file=sys.stderr)
    if only_checks and after != before:
        print("out of step: run `python -m tests.tools.texts`", file=sys.stderr)
        return 1
    if not only_checks:
        ENGLISH.write_bytes(after)
    return 1 if missing else 0


def in_step(present: bytes) -> Catalog:
    """The catalogue with exactly the texts of the templates, none of them guessed."""
    english = read_po(BytesIO(present), locale="en")
    english.update(of_templates(), no_fuzzy_matching=True)
    english.obsolete.clear()
    return english


def of_templates() -> Catalog:
    found = Catalog(fuzzy=False, charset="utf-8")
    method = [("templates/**.html", "jinja2")]
    for path, _line, message, comments, context in extract_from_dir(
        PAGES, method, {"templates/**.html": JINJA}
    ):
        # Lines would change with every edit of a template, and the diff would hide what was said.
        found.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return found


def untranslated(english: Catalog) -> Iterator[str]:
    for message in english:
        text = message.string
        is_whole = all(text) if isinstance(text, tuple | list) else bool(text)
        if message.id and (not is_whole or message.fuzzy):
            yield str(message.id)


def written(english: Catalog) -> bytes:
    text = BytesIO()
    write_po(text, english, width=WIDTH, sort_output=True, include_lineno=False, omit_header=True)
    return HEADER + text.getvalue().strip() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
