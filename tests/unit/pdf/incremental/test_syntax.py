"""The strict reader of PDF syntax: it reads correctly, or raises Unsupported."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from meterai.domain.errors import DocumentAmbiguous
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental import syntax
from meterai.pdf.engines.incremental.syntax import (
    Array,
    Dictionary,
    Reference,
    Unread,
    entries,
    name,
    parse,
)
from meterai.pdf.structure.strings import Text


class Passing:
    """A reader that skips a page's resources."""

    unread = frozenset({"/Resources"})


def _read(written: bytes) -> object:
    value, end = parse(written, 0, None, len(written))
    assert not written[end:].strip()
    return value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b" 12", 12),
        (b"-7 ", -7),
        (b"+0.5", 0.5),
        (b"-.25", -0.25),
        (b"4.", 4.0),
        (b"true", True),
        (b"null", None),
        (b"/Name", "/Name"),
        (b"/A#42#20C", "/AB C"),
        (b"/", "/"),
        (b"% a comment\n%% two\r 5", 5),
        (b"[]", []),
        (b"[ 0 -0 595.276 +841. .5\r\n-.5 0012]", [0, 0, 595.276, 841.0, 0.5, -0.5, 12]),
        (b"[1 2%c\n3]", [1, 2, 3]),
        (b"[(\r\n)(a)()]", ["\n", "a", ""]),
        (b"[1 2.5/N(s)<41>true null[<<>>]]", [1, 2.5, "/N", "s", "A", True, None, [{}]]),
        (b"<</A 1/B[/C]/D<</E(f)>>>>", {"/A": 1, "/B": ["/C"], "/D": {"/E": "f"}}),
        (b"<< /A\n% why\n1 >>", {"/A": 1}),
        (b"(a(b)c\\)\\(\\n\\101\\\r\nd\re)", "a(b)c)(\nAd\ne"),
        (b"<fe ff 00 41 00 2>", "A "),
        (b"(\\376\\377\\000E\\000m)", "Em"),
        (b"(\xef\xbb\xbf\xc3\xa9)", "é"),
    ],
)
def test_values_are_read(written: bytes, value: object) -> None:
    assert _read(written) == value


def test_references_are_distinguished_from_numbers() -> None:
    array = _read(b"[1 0 R 2 0 3 0 R]")
    assert isinstance(array, list)
    kinds = [item.idnum if isinstance(item, Reference) else (item,) for item in array]
    assert kinds == [1, (2,), (0,), 3]
    only = _read(b"[ 4 0 R\n5 0 R]")
    assert isinstance(only, list)
    assert [item.idnum for item in only] == [4, 5]


def test_strings_keep_their_bytes() -> None:
    text = _read(b"<feff00e9>")
    assert isinstance(text, Text)
    assert (text, text.encoded) == ("é", b"\xfe\xff\x00\xe9")


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"]",
        b"[1",
        b"[1 >>",
        b"<<1 2>>",
        b"<</A>>",
        b"(a",
        b"<4g>",
        b"/A#4",
        b"1 7 R",
        b"[1 7 R]",
        b"[1 2.5.3]",
        b"[1-2]",
        b"[1\x0b2]",
        b"[1234567890123]",
        b"1e5",
        b"--1",
        b"1234567890123",
        b"truest",
        b"nul",
        b"{1}",
        b"[" * 100 + b"]" * 100,
    ],
)
def test_unusual_syntax_is_unsupported(written: bytes) -> None:
    with pytest.raises(Unsupported):
        _read(written)


@pytest.mark.parametrize(
    "written",
    [
        b"<</A 1/A 2>>",
        b"<</A 1/#41 2>>",
        b"<</A 1/A 1.0>>",
        b"<</A[1 2]/A[1]>>",
        b"<</A<</B 1>>/A<</C 1>>>>",
        b"<</A 1 0 R/A 2 0 R>>",
        b"<</A 1/B 3/A 1/A 2>>",
        b"[<</B<</A 1/A 2>>>>]",
    ],
)
def test_a_key_with_two_values_is_ambiguous(written: bytes) -> None:
    with pytest.raises(DocumentAmbiguous) as refused:
        _read(written)
    assert refused.value.values == {"cause": "key_twice", "key": "/A"}


@pytest.mark.parametrize(
    "written", [b"<</A 1/A true>>", b"<</A 1/A null>>", b"<</A(1)/A/1>>", b"<</A 1 0 R/A[1 0 R]>>"]
)
def test_a_key_with_values_of_two_kinds_has_a_cause_of_its_own(written: bytes) -> None:
    """Where the last value is of the wrong kind, readers differ in which one they use."""
    with pytest.raises(DocumentAmbiguous) as refused:
        _read(written)
    assert refused.value.values == {"cause": "key_of_two_kinds", "key": "/A"}


def test_a_key_that_is_repeated_with_the_same_value_has_one_value() -> None:
    written = b"<</A[1 0 R(x)<</C 1>>]/#41 [ 1 0 R <78> <</#43 1>> ]/B 2/B 2>>"
    read = _read(written)
    assert isinstance(read, Dictionary)
    assert (list(read), read["/B"]) == (["/A", "/B"], 2)


class Recording(Passing):
    """A reader that records repeated keys."""

    def __init__(self) -> None:
        self.said_again: list[tuple[bytes, int, int]] = []


@pytest.mark.parametrize(
    "value",
    ["[1 0 R]", "<</B[1]>>", "<</Resources[1]>>", "(a\\))", "/N", " 3", "<</Resources[1]/C(x)>>"],
)
def test_each_value_of_a_repeated_key_is_read_again_at_most_once(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the time grows with the length of the source, however often a key is repeated."""
    keys = 50
    names = [*(f"/K{at}" for at in range(keys)), "/Resources"]
    once = "".join(name + value for name in names)
    written = f"<<{once * 4}>>".encode()
    read: Counter[int] = Counter()
    value_of = syntax._value

    def counted(token: "re.Match[bytes]", *args: Any) -> tuple[Any, int]:
        read[token.start()] += 1
        return value_of(token, *args)

    monkeypatch.setattr(syntax, "_value", counted)
    reader = Recording()
    found, end = parse(written, 0, reader, len(written))
    assert isinstance(found, Dictionary)
    assert (len(found), end, len(reader.said_again)) == (keys + 1, len(written), 3 * (keys + 1))
    assert max(read.values()) <= 2


def test_a_skipped_value_is_compared_if_its_key_is_repeated() -> None:
    same = b"<</Resources<</F[1]>>/Resources <</F [1] >>/A<</Resources[1]>>/A<</Resources[1]>>>>"
    assert parse(same, 0, Recording(), len(same))[1] == len(same)
    for other in (same.replace(b"F [1]", b"F [2]"), same.replace(b"[1]>>>>", b"[2]>>>>")):
        with pytest.raises(DocumentAmbiguous):
            parse(other, 0, Recording(), len(other))


def test_arrays_and_dictionaries_know_their_offsets() -> None:
    source = b"  <</A[1 2]/B(x) >> "
    value, end = parse(source, 0, None, len(source))
    assert isinstance(value, Dictionary)
    array = value["/A"]
    assert isinstance(array, Array)
    assert source[value.start : value.end] == b"<</A[1 2]/B(x) >>"
    assert source[array.start : array.end] == b"[1 2]"
    assert end == value.end
    places = {key: source[at:end] for key, _, at, end in entries(source, value, None)}
    assert places == {"/A": b"[1 2]", "/B": b"(x)"}


@pytest.mark.parametrize(
    "resources", ["[1 2]", "<<>>", "<</Font<</F 1 0 R>>/P[/PDF /Text]/E<</G[1]/H 2>>>>"]
)
def test_resources_that_are_not_needed_are_skipped(resources: str) -> None:
    written = f"<</Resources {resources}/A 1>>".encode()
    value, end = parse(written, 0, Passing(), len(written))
    assert isinstance(value, Dictionary)
    assert (isinstance(value["/Resources"], Unread), value["/A"], end) == (True, 1, len(written))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"<</Resources<</S(>>)>>>>", {"/Resources": {"/S": ">>"}}),
        (b"<</Resources<</S<41>>>>>", {"/Resources": {"/S": "A"}}),
        (b"<</Resources[1%]\n]>>", {"/Resources": [1]}),
        (b"<</Others[1]>>", {"/Others": [1]}),
        (b"<</Resources(a)>>", {"/Resources": "a"}),
    ],
)
def test_resources_in_which_a_bracket_may_be_hidden_are_read(written: bytes, value: object) -> None:
    assert parse(written, 0, Passing(), len(written)) == (value, len(written))


@given(st.text("<>[]()/ 01R%\n\\ab#.-", max_size=60))
@example("0///")  # an empty name twice
def test_skipping_ends_at_the_same_offset_as_reading(resources: str) -> None:
    written = f"<</Resources {resources} /A 1>>".encode()
    try:
        value, end = parse(written, 0, None, len(written))
    except (Unsupported, DocumentAmbiguous):
        return
    passed, passed_end = parse(written, 0, Passing(), len(written))
    assert passed_end == end
    assert passed.keys() == value.keys()


def test_an_object_beyond_the_limit_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        parse(b"[" + b"1 " * 1000 + b"]", 0, None, 500)


def test_many_percent_signs_do_not_take_long() -> None:
    with pytest.raises(Unsupported):
        _read(b"%" * 200_000 + b"\n" + b"% %" * 50_000 + b"\n!")


@given(st.binary(max_size=300) | st.text("<>[]()/ 01R%\n\\ab#.-", max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(written: bytes) -> None:
    try:
        parse(written, 0, None, len(written))
    except (Unsupported, DocumentAmbiguous):
        return


@given(st.binary(max_size=40))
def test_every_escaped_name_is_read_back(text: bytes) -> None:
    written = b"/" + b"".join(b"#%02x" % byte for byte in text)
    assert name(written) == "/" + text.decode("latin-1")
