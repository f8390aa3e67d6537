"""What every page is judged by, in each of its states.

A state is walked to once: the same page is then shown on a phone and on a desktop, in light and in
dark, and loaded once more in English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import files
from typing import Any

from meterai.languages import Language
from tests.pages.chromium import DESKTOP, PHONE, ColorScheme, Device, show_on
from tests.pages.english import left_in_indonesian
from tests.pages.record import Weight
from tests.pages.visitor import Visitor

BUDGET_BYTES = 40 * 1024
NARROWEST = Device("narrowest", 320, 640, has_touch=True)  # WCAG 2.2, 1.4.10: without scrolling
LOOKS: tuple[tuple[Device, ColorScheme], ...] = (
    (PHONE, "light"),
    (PHONE, "dark"),
    (DESKTOP, "light"),
    (DESKTOP, "dark"),
)
# What axe looks for: everything at first, then what another width and other colours can break.
FIRST = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
FURTHER = {"type": "rule", "values": ["color-contrast", "target-size"]}


@dataclass
class Judgments:
    """Of the pages so far: what they weigh, and their HTML, which is judged in one go."""

    weights: dict[str, Weight] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)


def judge(
    visitor: Visitor,
    name: str,
    so_far: Judgments,
    *,
    again_in_english: bool,
    on_look: Callable[[Device, ColorScheme], None] = lambda _device, _scheme: None,
) -> list[str]:
    """The faults of the page that the visitor sees; none, if it is as all pages must be. `on_look`
    is called each time the page is shown in another way."""
    page, record = visitor.page, visitor.record
    so_far.html[name] = record.html
    weight = so_far.weights[name] = record.weight()
    faults = []
    if weight.counted > BUDGET_BYTES:
        faults.append(f"{weight.counted} bytes, compressed, of at most {BUDGET_BYTES}: {weight}")
    faults += _in_language(visitor, Language.INDONESIAN)
    for device, scheme in LOOKS:
        show_on(page, device, scheme)
        on_look(device, scheme)
        found = _axe(visitor, FIRST if (device, scheme) == LOOKS[0] else FURTHER)
        faults += [f"{device.name}, {scheme}: {fault}" for fault in found]
    if again_in_english:
        visitor.prefer(Language.ENGLISH)
        page.reload()
        so_far.html[f"{name}, in English"] = record.html
        faults += _in_language(visitor, Language.ENGLISH)
        faults += [f"not in English: {text}" for text in left_in_indonesian(page)]
    faults += record.complaints
    return faults


def _in_language(visitor: Visitor, language: Language) -> list[str]:
    """What depends on the words: how long they are, and which language they claim to be in."""
    faults = []
    declared = visitor.page.locator("html").get_attribute("lang")
    if declared != language.value:
        faults.append(f"lang is {declared}, of a page in {language.value}")
    for device in (PHONE, NARROWEST):
        show_on(visitor.page, device, "light")
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        if width > device.width:
            wide = visitor.page.evaluate(_WIDER, device.width)
            faults.append(f"{language.value}: {width} px on a screen of {device.width}: {wide}")
    return faults


_WIDER = """limit => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > limit)
    .map(one => one.outerHTML.slice(0, 120)).slice(-3)"""


def _axe(visitor: Visitor, run_only: Mapping[str, Any]) -> list[str]:
    """target-size is of WCAG 2.2, and off unless it is asked for."""
    if visitor.page.evaluate("typeof axe === 'undefined'"):
        visitor.page.evaluate(f"{_axe_script()};0")
    options = {
        "runOnly": run_only,
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    found = visitor.page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]} ({node['failureSummary']})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@cache
def _axe_script() -> str:
    [script] = [one for one in files("axe-playwright-python") or () if one.name == "axe.min.js"]
    return script.read_text()
