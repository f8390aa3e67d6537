"""Jinja2 with this project's filters, and the catalogue of texts.

Templates are written in Indonesian; `translations/en/LC_MESSAGES/pages.po` has the English of each
text. On Lambda both are compiled into the layer (`layers/meterai/Makefile`); from the sources they
are compiled when they are first used.
"""

import gettext
import math
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from meterai.languages import Language, Text, local_time, number, short_date, wib_moment
from meterai.pages.static_files import static_address

_UNITS = (  # each from twice its length on
    (3_600, Text("{} jam", "{} hours")),
    (60, Text("{} menit", "{} minutes")),
    (1, Text("{} detik", "{} seconds")),
)
_KB, _MB = 1_000, 1_000_000
MANY_A_SECOND = 10  # from so many on, a tenth says nothing
HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
COMPILED = HERE / "compiled"
CATALOGUES = HERE / "translations"


@cache
def environment(language: Language) -> Environment:
    made = Environment(
        autoescape=True,
        loader=ModuleLoader(COMPILED) if COMPILED.exists() else FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_translations(  # type: ignore[attr-defined]
        catalogue(language), newstyle=True
    )
    made.globals.update(language=language.value, static=static_address, Text=Text)
    made.filters.update(
        time=_time,
        moment=_moment,
        number=_number,
        rate=_rate,
        date=_date,
        percent=_percent,
        rupiah=_rupiah,
        said=_said,
        wait=_wait,
        size=_size,
    )
    return made


def render(template: str, language: Language, **values: Any) -> str:
    """`template` without its `.html`."""
    return environment(language).get_template(f"{template}.html").render(**values)


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Indonesian needs none: it is what the templates are written in."""
    if language is Language.INDONESIAN:
        return gettext.NullTranslations()
    folder = CATALOGUES / language.value / "LC_MESSAGES"
    compiled = folder / "pages.mo"
    if compiled.exists():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return _from_source(folder / "pages.po")


def _from_source(path: Path) -> gettext.NullTranslations:
    """Babel is on developers' machines alone."""
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _language(context: Context) -> Language:
    return Language(context["language"])


@pass_context
def _time(context: Context, at: datetime) -> str:
    return local_time(at, _language(context))


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """To the second, where operators compare it with logs."""
    return wib_moment(at, _language(context))


@pass_context
def _rate(context: Context, per_s: float) -> str:
    """How many in a second: `0.4`, `12`."""
    text = f"{per_s:.1f}" if per_s < MANY_A_SECOND else f"{per_s:.0f}"
    text = text.removesuffix(".0")
    return text if _language(context) is Language.ENGLISH else text.replace(".", ",")


@pass_context
def _date(context: Context, day: date) -> str:
    """`24 Nov 2026`."""
    return short_date(day, _language(context))


@pass_context
def _percent(context: Context, value: float) -> str:
    """With one decimal, unless it is none: `99,8 %`, `100 %`. Given as it is to be shown."""
    text = f"{value:.1f}".removesuffix(".0")
    if _language(context) is Language.ENGLISH:
        return f"{text}%"
    return text.replace(".", ",") + "\u00a0%"


@pass_context
def _number(context: Context, value: int) -> str:
    return number(value, _language(context))


@pass_context
def _rupiah(context: Context, value: int) -> Markup:
    """The amount does not break at the end of a line."""
    return Markup('<span class="amount">Rp{}</span>').format(number(value, _language(context)))


@pass_context
def _size(context: Context, size_bytes: int) -> str:
    """Of a file: `32 KB`, `1,4 MB`, `20 MB`. Never 0."""
    if size_bytes < _MB:
        return f"{max(1, round(size_bytes / _KB))} KB"
    text = f"{size_bytes / _MB:.1f}".removesuffix(".0")
    return (text if _language(context) is Language.ENGLISH else text.replace(".", ",")) + " MB"


@pass_context
def _said(context: Context, text: Text) -> str:
    """A sentence that the API says as well."""
    return text.in_language(_language(context))


@pass_context
def _wait(context: Context, seconds: float) -> str:
    """How long one waits at most, as people say it: `20 detik`, `3 menit`, `2 jam`."""
    for unit_s, text in _UNITS:
        if seconds < 2 * unit_s and unit_s > 1:
            continue
        count = math.ceil(seconds / unit_s)
        return text.in_language(_language(context)).format(number(count, _language(context)))
    raise AssertionError("the last unit is a second")
