"""Serials found in a file's bytes, and hashes of its prefixes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.stamping.file_evidence import NamedSerial
from meterai.domain.stamping.serials import Serial, parse_serial, serial_from_digest
from meterai.pdf.verification.candidates import MAX_FROM_EACH_END, named_serials
from meterai.pdf.verification.prefixes import prefix_hashes
from tests.generated import examples

FORMS = (b"/XXEMeterai/%b ", b"/XXEMeterai /%b>>", b"/T(Emet%b)", b"/T (Emet%b)", b"Emet%b ")


def serial(number: int) -> Serial:
    return serial_from_digest(hashlib.sha256(b"%d" % number).digest())


def written(number: int, form: bytes = b"/XXEMeterai/%b ") -> bytes:
    return form % serial(number).encode()


@pytest.mark.parametrize(
    ("form", "in_signature"),
    [
        (b"<</Type/Sig/XXEMeterai/%b/M(D:2026)>>", True),
        (b"<</XXEMeterai\r\n /%b>>", True),
        (b"<</FT/Sig/T(Emet%b)/V 7 0 R>>", True),
        (b"<</T\n(Emet%b)>>", True),
        (b"(see Emet%b)", False),
        (b"/T(Emet%b and more)", False),
        (b"/TU(Emet%b)", False),
        (b"/EMeterai/%b ", False),
    ],
)
def test_a_serial_is_found_and_whether_it_is_in_a_signature(
    form: bytes, *, in_signature: bool
) -> None:
    assert named_serials(written(1, form)) == (NamedSerial(serial(1), in_signature),)


def test_a_serial_both_in_text_and_in_a_signature_counts_as_in_a_signature() -> None:
    both = written(1, b"Emet%b ") + written(1) + written(1, b"Emet%b ")
    assert named_serials(both) == (NamedSerial(serial(1), in_signature=True),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Emet",
        b"/XXEMeterai/",
        b"/XXEMeterai/" + serial(1)[:-1].encode(),
        b"/XXEMeterai/" + serial(1).encode() + b"0 ",
        b"/XXEMeterai/" + serial(1).lower().encode(),
        b"/XXEMeterai/" + serial(1)[:-1].encode() + b"%c" % (serial(1)[-1].encode()[0] ^ 1),
        b"/XXEMeterai(" + serial(1).encode() + b")",
    ],
)
def test_text_that_is_not_a_serial_is_not_found(content: bytes) -> None:
    assert named_serials(content) == ()


@examples(60)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from(FORMS), st.booleans()),
        min_size=0,
        max_size=900,
    )
)
def test_only_the_first_and_the_last_fifty_serials_are_checked(
    named: list[tuple[int, bytes, bool]],
) -> None:
    checked: list[str] = []

    def counted(text: str) -> Serial | None:
        checked.append(text)
        return parse_serial(text)

    # A wrong check character counts like any other until the cap is applied.
    texts = [serial(n) if right else f"{n:022d}" for n, _, right in named]
    content = b"".join(
        form % text.encode() for text, (_, form, _) in zip(texts, named, strict=True)
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("meterai.pdf.verification.candidates.parse_serial", counted)
        found = [one.serial for one in named_serials(content)]
    first = list(dict.fromkeys(texts))[:MAX_FROM_EACH_END]
    others = [text for text in texts if text not in first]
    last = list(dict.fromkeys(reversed(others)))[:MAX_FROM_EACH_END]
    assert len(checked) <= 2 * MAX_FROM_EACH_END
    assert set(checked) == {*first, *last}
    assert set(found) == {text for text in checked if parse_serial(text)}


@examples(60)
@given(st.binary(max_size=300), st.lists(st.integers(-2, 400), max_size=8))
def test_each_prefix_within_the_file_is_hashed(content: bytes, sizes: list[int]) -> None:
    assert prefix_hashes(content, sizes) == {
        size: hashlib.sha256(content[:size]).hexdigest()
        for size in sizes
        if 0 < size <= len(content)
    }
