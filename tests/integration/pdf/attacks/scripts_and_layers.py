"""Layers that are switched, and scripts that run."""

from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import (
    CONTENT,
    OTHER_AMOUNT,
    PAGE,
    letter,
    plain,
    text,
)
from tests.integration.pdf.attacks.updates import body_of, next_number, revision, stream
from tests.integration.pdf.stamping import stamped

SCRIPT = b"<</S/JavaScript/JS (this.getField\\('x'\\).value = 9)>>"


def attacks() -> Iterator[Attack]:
    yield from _layers()
    issued = plain()
    new = next_number(issued)
    page, catalog = body_of(issued, PAGE), body_of(issued, 1)

    def case(name: str, bodies: dict[int, bytes]) -> Attack:
        return Attack(name, issued, revision(issued, bodies), ALTERED, "issued", "issued")

    yield case("a script at opening", {1: catalog[:-2] + b"/OpenAction %b>>" % SCRIPT})
    yield case("a script at printing", {1: catalog[:-2] + b"/AA <</WP %b>>>>" % SCRIPT})
    names = b"/Names <</JavaScript <</Names [(x) %b]>>>>>>" % SCRIPT
    yield case("a script by name", {1: catalog[:-2] + names})
    yield case("a script of the page", {PAGE: page[:-2] + b"/AA <</O %b>>>>" % SCRIPT})
    yield case("it opens at another page", {1: catalog[:-2] + b"/OpenAction [3 0 R/XYZ 0 0 9]>>"})
    files = b"/Names <</EmbeddedFiles <</Names [(x) %d 0 R]>>>>>>" % new
    attached = {1: catalog[:-2] + files, new: b"<</Type/Filespec/F (x.pdf)>>"}
    yield case("an attachment", attached)
    yield case("a portfolio", {1: catalog[:-2] + b"/Collection <</View/T>>>>"})
    yield case(
        "a thumbnail of another page", {PAGE: page[:-2] + b"/Thumb %d 0 R>>" % new, new: b"null"}
    )


def _layers() -> Iterator[Attack]:
    layers = b"/OCProperties <</OCGs [20 0 R 21 0 R]/D <</ON [20 0 R]/OFF [21 0 R]>>>>"
    content = b"/OC /A BDC %b EMC /OC /B BDC %b EMC" % (
        text(b"Rp 1.000.000"),
        text(OTHER_AMOUNT),
    )
    prepared = {
        CONTENT: stream(content),
        20: b"<</Type/OCG/Name (A)>>",
        21: b"<</Type/OCG/Name (B)>>",
    }
    resources = b"/Properties <</A 20 0 R/B 21 0 R>>"
    issued = stamped(letter(prepared, catalog=layers, resources=resources))
    catalog = body_of(issued, 1)
    switched = catalog.replace(b"/ON [20 0 R]/OFF [21 0 R]", b"/ON [21 0 R]/OFF [20 0 R]")
    yield Attack("layers are switched", issued, revision(issued, {1: switched}), ALTERED)
    apart = letter(
        prepared | {22: b"<</ON [20 0 R]/OFF [21 0 R]>>"},
        catalog=b"/OCProperties <</OCGs [20 0 R 21 0 R]/D 22 0 R>>",
        resources=resources,
    )
    issued = stamped(apart)
    other = {22: b"<</ON [21 0 R]/OFF [20 0 R]>>"}
    yield Attack(
        "layers are switched, in their own object", issued, revision(issued, other), ALTERED
    )
    usage = {21: b"<</Type/OCG/Name (B)/Usage <</View <</ViewState/ON>>>>>>"}
    yield Attack(
        "a layer is described anew", issued, revision(issued, usage), ALTERED, "other", "issued"
    )
