"""`python -m tests.openapi`."""

import argparse
import sys
from pathlib import Path

from tests.openapi.document import describe, text_of

DOCUMENT = Path(__file__).parents[2] / "layers/meterai/openapi.json"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write openapi.json, or check that it is in step")
    parser.add_argument("--check", action="store_true")
    text = text_of(describe())
    if not parser.parse_args().check:
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("openapi.json is not what the functions say: run python -m tests.openapi\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
