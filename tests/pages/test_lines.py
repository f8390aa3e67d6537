"""A weak line: pages come late, or not at all, and come again."""

from time import monotonic

import pytest
from playwright.sync_api import Error

from tests.pages.conftest import NewVisitor
from tests.pages.lines import Line, use_line


def test_a_page_comes_on_a_slow_line_and_after_a_lost_one(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    use_line(visitor, Line.SLOW_3G)
    began_s = monotonic()
    visitor.open("/")
    assert monotonic() - began_s >= 4, "the page, and then its style, take two seconds each"

    use_line(visitor, Line.OFFLINE)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        visitor.open("/")

    use_line(visitor, Line.FULL)
    visitor.open("/")
    visitor.page.get_by_role("heading", level=1).wait_for()
