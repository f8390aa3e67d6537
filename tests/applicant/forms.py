"""The forms of a page, as a browser without script sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """`buttons`: by their text, what each adds. Of a group of choices, `fields` has the checked."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._button: dict[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.found.append(self._form)
        elif self._form is not None and tag == "input":
            is_chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if is_chosen and "name" in given:
                self._form.fields[given["name"]] = given.get("value", "on")
        elif tag == "button" and given.get("type") != "button":
            self._button = {given["name"]: given["value"]} if "name" in given else {}
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._form is not None and self._button is not None:
            self._form.buttons[" ".join(self._text.split())] = self._button
            self._button = None
        elif tag == "form":
            self._form = None


def forms_of(html: str) -> list[Form]:
    forms = _Forms()
    forms.feed(html)
    return forms.found


def form_with(html: str, *buttons: str) -> tuple[Form, dict[str, str]]:
    """The form that the first of these buttons sends that is there, and what it sends."""
    found = forms_of(html)
    for button in buttons:
        for form in found:
            if button in form.buttons:
                return form, form.fields | form.buttons[button]
    known = [name for form in found for name in form.buttons]
    raise AssertionError(f"no button of {buttons}, but {known}")


def own_form(html: str, path: str) -> Form:
    """The first that is sent to the address of the page itself."""
    return next(
        form
        for form in forms_of(html)
        if form.method == "post" and (form.action or path).partition("?")[0] == path
    )
