"""Fuzzes the incremental engine: any bytes, it takes them, refuses them or leaves them.

    python -m tests.fuzz.incremental [--seconds N] [--seed N]

With atheris installed the fuzzing is guided by coverage; without, sound files are spoiled at
random. Any other error than a refusal, or more time or memory than `bounds.py` allows, ends it with
the offending file in `out/fuzz/`. hypothesis asks the same in `test_incremental.py`.
"""

import argparse
import hashlib
import sys
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pikepdf

atheris: Any = import_module("atheris") if find_spec("atheris") else None

with (
    atheris.instrument_imports(include=["meterai.pdf.engines.incremental"])
    if atheris
    else nullcontext()
):
    from meterai.domain.errors import MeteraiError
    from meterai.pdf.engines.engine import SigningContext, Unsupported
    from meterai.pdf.engines.incremental.writer import prepare
    from tests.fixtures.documents.pki import authority
    from tests.fixtures.documents.plain import Shape, document
    from tests.fixtures.documents.remake import LETTER
    from tests.fixtures.documents.signed import signed_by
    from tests.fuzz.bounds import bounded
    from tests.integration.pdf.stamping import AT, HOST, a_spec, stamped

CONTEXT = SigningContext(authority().signer.certificate, AT, HOST)
SPECS = [a_spec(1), a_spec(2)]
FOUND = Path(__file__).parents[2] / "out/fuzz"
PIECES = [
    b"0",
    b"-1",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b" R",
    b"null",
    b"99999999999",
    b"\0",
    b"#",
    b"%",
]
PIECES += [
    b" 2 0 R",
    b"/Kids",
    b"/Count 9",
    b"/Prev 9",
    b"/Size 1",
    b"/Annots 1 0 R",
    b"endobj",
    b"xref",
]
PIECES += [
    b"/W[1 8 8]",
    b"/Index[0 4000000]",
    b"/N 99999",
    b"/First 0",
    b"/Length 99999999",
    b"stream\n",
]


def seeds() -> list[bytes]:
    field = {100: "<</FT/Sig/T(a)/V 101 0 R>>", 101: "<</ByteRange[0 1 2 3]/Contents<00>>>"}
    plain = document(Shape(entries="/Annots 100 0 R"), Shape(), objects={100: "[]"})
    formed = document(form="/Fields[100 0 R]/NeedAppearances true", objects=field)
    made = [
        plain,
        formed,
        stamped(plain),
        signed_by(authority().person, plain),
        LETTER.read_bytes(),
    ]
    return made + [_with_object_streams(one) for one in (plain, formed, stamped(formed))]


def spoiled(random: Random, originals: list[bytes]) -> bytes:
    """A sound file with pieces replaced, doubled or moved, or cut off; sizes often kept."""
    made = bytearray(random.choice(originals))
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(made) or 1)
        length = random.choice((0, 1, 1, 2, 4, 8, 40))
        piece = random.choice(
            (
                random.choice(PIECES),
                random.randbytes(random.randint(1, 4)),
                bytes(made[random.randrange(len(made) or 1) :][: random.choice((3, 20, 200))]),
            )
        )
        made[at : at + (len(piece) if random.random() < 0.6 else length)] = piece
    return bytes(made if random.random() < 0.95 else made[: random.randrange(len(made) or 1)])


def try_one(data: bytes) -> str:
    """The engine's answer, within its bounds. Raises what `bounded` does, or the engine's error."""
    with bounded(data):
        try:
            prepare(data, SPECS, CONTEXT)
        except Unsupported as reason:
            return f"not mine: {reason}"
        except MeteraiError as refusal:
            return refusal.code
    return "taken"


def _with_object_streams(original: bytes) -> bytes:
    made = BytesIO()
    with pikepdf.open(BytesIO(original)) as opened_by_qpdf:
        opened_by_qpdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


def at_random(seconds: float, seed: int) -> dict[str, int]:
    originals, random, answers = seeds(), Random(seed), dict[str, int]()
    until = monotonic() + seconds
    while monotonic() < until:
        data = spoiled(random, originals)
        try:
            answer = try_one(data)
        except BaseException:
            FOUND.mkdir(parents=True, exist_ok=True)
            (FOUND / f"{hashlib.sha256(data).hexdigest()[:16]}.pdf").write_bytes(data)
            raise
        answers[answer] = answers.get(answer, 0) + 1
    return answers


def guided(seconds: float, seed: int) -> None:
    """Atheris does not come back: it ends the process."""
    originals = seeds()
    corpus = FOUND / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for one in originals:
        (corpus / hashlib.sha256(one).hexdigest()[:16]).write_bytes(one)
    options = [f"-max_total_time={seconds:.0f}", f"-seed={seed}", "-max_len=60000", "-timeout=5"]
    options += [f"-artifact_prefix={FOUND}/", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fuzz the incremental engine")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", action="store_true", help="without atheris")
    asked = parser.parse_args()
    if asked.random or atheris is None:
        print(at_random(asked.seconds, asked.seed))
    else:
        guided(asked.seconds, asked.seed)
