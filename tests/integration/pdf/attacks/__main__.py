"""`python -m tests.integration.pdf.attacks`: attacks and honest changes, counted by verdict; all of
them, or the classes that are named."""

import argparse
from collections import Counter

from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.attacks.all_attacks import CLASSES
from tests.integration.pdf.attacks.judging import Judged, judged
from tests.integration.pdf.honest.additions import CLASSES as HONEST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", action="store_true", help="a line for each file")
    parser.add_argument("classes", nargs="*", default=[*CLASSES, *HONEST])
    options = parser.parse_args()
    attacks = {name: made for name, made in CLASSES.items() if name in options.classes}
    additions = {name: made for name, made in HONEST.items() if name in options.classes}
    results = {name: list(map(judged, made())) for name, made in attacks.items()}
    verdicts = sorted({one.verdict for found in results.values() for one in found})
    print(f"{'class':24}{'files':>6}", *(f"{verdict:>10}" for verdict in verdicts), f"{'wrong':>6}")
    for name, found in results.items():
        counts = Counter(one.verdict for one in found)
        cells = (f"{counts[verdict]:>10}" for verdict in verdicts)
        print(f"{name:24}{len(found):>6}", *cells, f"{sum(map(_is_wrong, found)):>6}")
        for one in found if options.each else ():
            print(f"    {one.attack.name:66} {one.verdict:9} shows {one.pdfium}, {one.poppler}")
    print()
    for name, made in additions.items():
        found_of = [judge_changes(one.document, len(one.issued)).verdict for one in made()]
        counted = ", ".join(f"{verdict} {count}" for verdict, count in Counter(found_of).items())
        print(f"{name:24}{len(found_of):>6}  {counted}")


def _is_wrong(one: Judged) -> bool:
    return one.verdict is not one.attack.verdict or one.proven > 0


if __name__ == "__main__":
    main()
