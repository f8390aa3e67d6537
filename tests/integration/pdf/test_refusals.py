"""Both engines refuse the same documents for the same reasons, and nothing is signed."""

import pytest

from meterai.domain.errors import BoxOffPage, DocumentRefused, PageOutOfRange
from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines.chain import stamp
from tests.fixtures.documents.pki import authority, counting
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.refused import REFUSED
from tests.integration.pdf.preflight import Preflight, preflight
from tests.integration.pdf.stamping import AT, BOX, HOST, a_spec, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")


def _refused_by_both(
    original: bytes, refusal: type[DocumentRefused], placement: Placement = BOX
) -> None:
    with pytest.raises(refusal) as before:
        preflight(original, [placement])
    sign, messages = counting(authority().signer.sign)
    with pytest.raises(refusal) as after:
        stamp(
            original,
            [a_spec(placement=placement)],
            certificate=authority().signer.certificate,
            sign=sign,
            at=AT,
            public_host=HOST,
        )
    assert (type(before.value), type(after.value), messages) == (refusal, refusal, [])


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_cannot_be_stamped_is_refused(name: str) -> None:
    make, refusal = REFUSED[name]
    _refused_by_both(make(), refusal)


@pytest.mark.parametrize("page", [0, 3, -3, 2**40])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    _refused_by_both(
        document(Shape(), Shape()), PageOutOfRange, Placement(page, x_pt=0, y_pt=0, side_pt=54)
    )


def test_a_box_off_the_page_as_displayed_is_refused() -> None:
    lying = Shape(media_box=(0, 0, 600, 800), rotate=90)
    on_the_right = Placement(1, x_pt=730, y_pt=0, side_pt=60)
    assert preflight(document(lying), [on_the_right]).displayed_sizes_pt == ((800.0, 600.0),)
    _refused_by_both(document(Shape(media_box=(0, 0, 600, 800))), BoxOffPage, on_the_right)
    _refused_by_both(document(lying), BoxOffPage, Placement(1, x_pt=0, y_pt=730, side_pt=60))


def test_preflight_tells_what_it_found() -> None:
    two_pages = document(Shape(), Shape(media_box=(0, 0, 100, 200), rotate=-90, user_unit=2))
    places = [Placement(-1, 0, 0, 54), BOX, Placement(2, 0, 0, 54)]
    lying = (400.0, 200.0)
    assert preflight(two_pages, places) == Preflight(
        page_count=2,
        displayed_sizes_pt=(lying, (595.28, 841.89), lying),
        already_stamped=(),
        signed=False,
    )
    twice = stamped(two_pages, a_spec(1), a_spec(2))
    assert preflight(twice, []) == Preflight(
        page_count=2, displayed_sizes_pt=(), already_stamped=(serial(1), serial(2)), signed=True
    )
