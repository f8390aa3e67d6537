"""Signing in and out in a browser."""

import pytest

from meterai.pages.areas import OF_APPLICANTS
from tests.pages.conftest import NewVisitor
from tests.pages.visitor import Visitor


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_somebody_signs_in_and_out_by_touch(new_visitor: NewVisitor, has_script: bool) -> None:  # noqa: FBT001
    visitor = new_visitor(has_script=has_script)
    page = visitor.page
    visitor.open("/")
    page.get_by_role("link", name="Masuk").tap()
    page.get_by_role("button", name="Sri Wahyuni").tap()
    page.wait_for_url(f"{visitor.origin}/saya")
    assert _session(visitor)

    page.get_by_role("button", name="Keluar").tap()
    page.wait_for_url(f"{visitor.origin}/")
    page.get_by_role("link", name="Masuk").wait_for()
    assert not _session(visitor)
    assert visitor.record.complaints == []


def test_somebody_who_signs_in_by_keyboard_comes_to_the_page_they_wanted(
    new_visitor: NewVisitor,
) -> None:
    visitor = new_visitor(has_script=False)
    page = visitor.page
    path = f"/saya/pesanan/{visitor.world.order['order_id']}"
    page.goto(visitor.origin + path)
    _press(visitor, "Budi Santoso")
    page.wait_for_url(visitor.origin + path)
    page.get_by_role("heading", name="Halaman tidak ditemukan").wait_for()  # not Budi's

    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Langsung ke isi"


def _press(visitor: Visitor, name: str) -> None:
    """With Tab and Enter alone."""
    for _ in range(20):
        visitor.page.keyboard.press("Tab")
        if name in visitor.page.locator(":focus").inner_text():
            break
    visitor.page.keyboard.press("Enter")


def _session(visitor: Visitor) -> bool:
    return OF_APPLICANTS.session_cookie in {one.get("name") for one in visitor.context.cookies()}
