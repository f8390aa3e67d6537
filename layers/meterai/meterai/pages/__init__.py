"""HTML that people see. The templates are files in `templates/`, for `string.Template`."""

from functools import cache
from pathlib import Path
from string import Template


@cache
def template(name: str) -> Template:
    """`templates/<name>.html`. Values are put in as they are: the caller escapes them."""
    path = Path(__file__).with_name("templates") / f"{name}.html"
    return Template(path.read_text(encoding="utf-8"))
