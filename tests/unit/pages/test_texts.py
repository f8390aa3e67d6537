"""What templates say: in both languages, and nothing beside the catalogue."""

import re
from html.parser import HTMLParser

import pytest
from jinja2 import nodes

from meterai.languages import Language
from meterai.pages.environment import environment
from tests.tools.texts import ENGLISH, PAGES, in_step, untranslated, written

TEMPLATES = sorted(
    path.name for path in (PAGES / "templates").glob("*.html") if "$" not in path.read_text()
)
SAME_IN_EVERY_LANGUAGE = {"Meterai", "· Meterai", "English", "Bahasa Indonesia"}
TRANSLATED = {"alt", "title", "aria-label", "placeholder"}


def test_every_text_of_a_template_has_an_english_one_and_no_other_is_kept() -> None:
    english = in_step(ENGLISH.read_bytes())

    assert list(untranslated(english)) == []
    assert written(english) == ENGLISH.read_bytes(), "run `python -m tests.tools.texts`"


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_text_of_a_template_can_be_translated(template: str) -> None:
    source = (PAGES / "templates" / template).read_text(encoding="utf-8")
    parsed = environment(Language.INDONESIAN).parse(source)
    # What is filled in is a word of no language.
    literal = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "{}"
        for output in parsed.find_all(nodes.Output)
        for part in output.nodes
    )
    found = _Texts()
    found.feed(literal)

    assert set(found.texts) <= SAME_IN_EVERY_LANGUAGE


class _Texts(HTMLParser):
    """Words that stand in the template itself."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self._add(data.replace("{}", " "))

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in TRANSLATED:
                self._add((value or "").replace("{}", " "))

    def _add(self, text: str) -> None:
        if re.search(r"[^\W\d_]{2}", text):
            self.texts.append(" ".join(text.split()))
