"""Every page, in each of its states, is as all pages must be."""

import pytest
from playwright.sync_api import Browser

from tests.pages.judge import Judgments, judge
from tests.pages.markup import markup_faults
from tests.pages.states import State, all_states
from tests.pages.visitor import visiting
from tests.pages.world import World


@pytest.mark.parametrize("shown", all_states(), ids=str)
def test_a_page_can_be_used_by_everybody(
    shown: State, browser: Browser, world: World, judgments: Judgments
) -> None:
    with visiting(browser, world) as visitor:
        shown.walk(visitor)
        faults = judge(visitor, str(shown), judgments, again_in_english=not shown.once)
    assert not faults, "\n".join(faults)


def test_the_html_of_all_of_them_is_valid(judgments: Judgments) -> None:
    """It runs last, over what the others were shown."""
    assert judgments.html
    faults = markup_faults(judgments.html)
    assert not faults, "\n".join(faults)
