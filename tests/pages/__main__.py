"""`make pages`: judges each page in each of its states, and takes pictures for `out/pages`.

`python -m tests.pages start serial` does so for these pages alone. The exit status is 1 if a judge
found something. With `--pictures` it takes those of the README, and judges nothing.
"""

import argparse
import shutil
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from tests.local.environment import local_environment
from tests.pages import readme_pictures
from tests.pages.account import OPTIONS
from tests.pages.chromium import CHROMIUM, open_chromium
from tests.pages.gallery import Gallery, rows_of
from tests.pages.judge import BUDGET_BYTES, Judgments, judge
from tests.pages.markup import markup_faults
from tests.pages.states import State, all_states
from tests.pages.visitor import visiting
from tests.pages.world import World

OUT = Path("out/pages")
QUICK = ("not found",)


def main() -> int:
    if CHROMIUM is None:
        print("chromium is not installed (.ci/run installs it)", file=sys.stderr)
        return 1
    arguments = _arguments()
    if arguments.pictures:
        return _take_pictures()
    wanted = _wanted(arguments)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    gallery, judgments = Gallery(OUT), Judgments()
    # The browser comes last: see the fixture in conftest.py.
    with local_environment(logs=OUT / "logs", **OPTIONS) as place, open_chromium() as browser:
        world = World(place)
        faults = 0
        for shown in wanted:
            try:
                found = _judged(shown, browser, world, judgments, gallery)
            except (AssertionError, PlaywrightError) as error:
                found = [f"not shown: {error}"]  # the others are
            faults += _told(str(shown), found)
    faults += _told("HTML", markup_faults(judgments.html))
    print(f"\nBytes, compressed; the first three at most {BUDGET_BYTES} together:")
    for name, *numbers in rows_of(judgments.weights):
        print(f"{name:<48}" + "".join(f"{number:>10}" for number in numbers))
    print(f"\n{gallery.write_index(wanted, judgments.weights)}")
    return bool(faults)


def _judged(
    shown: State, browser: Browser, world: World, judgments: Judgments, gallery: Gallery
) -> list[str]:
    with visiting(browser, world) as visitor:
        shown.walk(visitor)
        return judge(
            visitor,
            str(shown),
            judgments,
            again_in_english=not shown.once,
            on_look=partial(gallery.take, shown, visitor),
        )


def _take_pictures() -> int:
    with TemporaryDirectory() as logs, ExitStack() as stack:
        place = stack.enter_context(local_environment(logs=Path(logs), **OPTIONS))
        browser = stack.enter_context(open_chromium())
        world = World(place)
        for shown in all_states():
            if str(shown) in readme_pictures.SHOWN:
                with visiting(browser, world) as visitor:
                    shown.walk(visitor)
                    readme_pictures.take(str(shown), visitor)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.pages", description=__doc__)
    parser.add_argument("pages", nargs="*", help="only these, by the names in the gallery")
    parser.add_argument("--quick", action="store_true", help="one page alone")
    parser.add_argument("--pictures", action="store_true", help="take those of the README")
    arguments = parser.parse_args()
    unknown = set(arguments.pages) - {one.page for one in all_states()}
    if unknown:
        parser.error(f"no page is called {', '.join(sorted(unknown))}")
    return arguments


def _wanted(arguments: argparse.Namespace) -> list[State]:
    pages = QUICK if arguments.quick else tuple(arguments.pages)
    return [one for one in all_states() if not pages or one.page in pages]


def _told(name: str, faults: list[str]) -> int:
    print(f"{name:<48}{'ok' if not faults else 'FAILED'}", flush=True)
    for fault in faults:
        print(f"  {fault}", flush=True)
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())
