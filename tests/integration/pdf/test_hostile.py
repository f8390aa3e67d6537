"""Whatever bytes come, the answer is a stamped document or one of our refusals."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from meterai.domain.errors import MeteraiError
from meterai.pdf.rendering.render import render_page
from tests.fixtures.documents.plain import document
from tests.generated import examples
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.stamping import BOX, all_hold, checks, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

Answer = TypeVar("Answer")

FIELD = {100: "<</FT/Sig/T(a)/V 101 0 R>>", 101: "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"}
SEEDS = [
    document(),
    document(form="/Fields[100 0 R]", objects=FIELD),
    stamped(document()),
]
SLOW = examples(60, suppress=[HealthCheck.too_slow])


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A sound file with some bytes replaced, a piece moved, or the end cut off."""
    original = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(original) - 1))
        piece = draw(
            st.sampled_from(
                [b"0", b"-1", b"<<", b"]", b"R", b"null", b"99999999999", b"\0", b" 2 0 R"]
            )
            | st.binary(max_size=4)
        )
        original[at : at + draw(st.integers(0, 8))] = piece
    return bytes(original[: draw(st.integers(0, len(original))) or None])


def _answer(look: Callable[[], Answer]) -> Answer | MeteraiError:
    try:
        return look()
    except MeteraiError as refusal:
        return refusal


@SLOW
@given(spoiled())
def test_a_spoiled_file_is_refused_or_stamped_well(original: bytes) -> None:
    found = _answer(lambda: preflight(original, [BOX]))
    made = _answer(lambda: stamped(original))
    if isinstance(made, bytes):
        assert made.startswith(original)
        assert [one.holds for one in checks(made) if one.serial == serial(1)][-1:] == [True]
    elif not isinstance(found, MeteraiError):
        assert made.code in ("document_damaged", "document_already_stamped")


@SLOW
@given(spoiled())
def test_a_spoiled_file_is_judged_or_refused(original: bytes) -> None:
    _answer(lambda: checks(original))
    _answer(lambda: render_page(original, 0, dpi=20))


@pytest.mark.parametrize(
    "original",
    [
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n" + b"<<" * 100_000 + b"\nstartxref\n9\n%%EOF",
        document(objects={100: "[" * 5_000 + "]" * 5_000}, catalog="/AcroForm 100 0 R"),
        document(catalog="/AcroForm 100 0 R", objects={100: "100 0 R"}),
        document(form="/Fields 3 0 R"),
        document(form="/Fields[100 0 R]", objects={100: "<</T/a/Kids(b)/V/c/FT 7>>"}),
        document(catalog="/Perms/DocMDP/Extensions[]"),
        document(catalog="/Extensions<</ESIC 7>>"),
        b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
    ],
)
def test_constructions_meant_to_hang_or_crash_are_refused(original: bytes) -> None:
    _answer(lambda: preflight(original, [BOX]))
    _answer(lambda: checks(original))
    made = _answer(lambda: stamped(original))
    if isinstance(made, bytes):
        assert all_hold(made, [f"Emet{serial(1)}"])
