"""`out/pages/index.html`: a picture of each page in each state and look, to be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path

from tests.pages.chromium import ColorScheme, Device
from tests.pages.record import Weight
from tests.pages.states import State
from tests.pages.visitor import Visitor

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pages</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem;background:#777;color:#fff}
.looks{display:flex;gap:1rem;align-items:flex-start;overflow-x:auto;padding-bottom:1rem}
.phone{width:270px}.desktop{width:640px}
table{border-collapse:collapse}td,th{padding:0 1rem 0 0;text-align:right}
td:first-child,th:first-child{text-align:left}a{color:#fff}
</style></head><body><h1>Pages</h1>
"""


@dataclass
class Gallery:
    folder: Path
    files: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def take(self, shown: State, visitor: Visitor, device: Device, scheme: ColorScheme) -> None:
        """The whole page, however long."""
        file = f"{shown.slug}-{device.name}-{scheme}.png"
        visitor.page.screenshot(path=self.folder / file, full_page=True)
        self.files.setdefault(str(shown), []).append((device.name, file))

    def write_index(self, states: Iterable[State], weights: dict[str, Weight]) -> Path:
        parts = [HEAD, "<p>"]
        by_page = [(page, list(of)) for page, of in groupby(states, lambda one: one.page)]
        parts += [f'<a href="#{escape(page)}">{escape(page)}</a> ' for page, _ in by_page]
        parts.append("</p>\n")
        for page, of_page in by_page:
            parts.append(f'<h2 id="{escape(page)}">{escape(page)}</h2>\n')
            for one in of_page:
                looks = "".join(
                    f'<a href="{file}"><img class="{device}" src="{file}" alt=""></a>'
                    for device, file in self.files.get(str(one), ())
                )
                parts.append(f'<h3>{escape(one.name)}</h3>\n<div class="looks">{looks}</div>\n')
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n"
            for row in rows_of(weights)
        )
        parts.append(f"<h2>Bytes, compressed</h2><table>{rows}</table></body></html>\n")
        index = self.folder / "index.html"
        index.write_text("".join(parts), encoding="utf-8")
        return index


def rows_of(weights: dict[str, Weight]) -> list[tuple[str, ...]]:
    """What each page sends, in bytes; the heaviest first."""
    heaviest = sorted(weights.items(), key=lambda item: -item[1].counted)
    return [
        ("page", "HTML", "CSS", "script", "together", "pictures"),
        *(
            (name, *map(str, (one.html, one.css, one.script, one.counted, one.pictures)))
            for name, one in heaviest
        ),
    ]
