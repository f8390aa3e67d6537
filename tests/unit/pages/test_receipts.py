"""/saya/tanda-terima: the receipt of a deadline, for people."""

import base64
import re
from datetime import timedelta
from io import BytesIO

import zxingcpp
from PIL import Image

from tests.unit.functions.receipts import accepted
from tests.unit.functions.story import ACCOUNT, SERIAL
from tests.unit.pages.browser import Browser

PAGE = f"/saya/tanda-terima/{SERIAL}"


def test_a_receipt_is_a_code_and_the_same_text(browser: Browser) -> None:
    browser.account = ACCOUNT
    receipt = accepted(browser.app)
    page = browser.get(PAGE)

    assert receipt in page.text
    found = re.search('src="data:image/png;base64,([^"]+)"', page.html)
    assert found
    picture = Image.open(BytesIO(base64.b64decode(found[1])))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [receipt]


def test_its_link_is_there_as_long_as_it_can_be_read(browser: Browser) -> None:
    browser.account = ACCOUNT
    accepted(browser.app)

    assert f'href="{PAGE}"' in browser.get("/saya").html
    browser.app.state.pass_time(timedelta(hours=24))
    assert f'href="{PAGE}"' not in browser.get("/saya").html


def test_after_a_day_the_page_says_that_it_is_over(browser: Browser) -> None:
    browser.account = ACCOUNT
    accepted(browser.app)
    browser.app.state.pass_time(timedelta(hours=49))
    browser.app.state.receipt_keys = ()

    assert browser.get(PAGE).status == 410


def test_somebody_elses_receipt_is_not_found(browser: Browser) -> None:
    accepted(browser.app)

    assert browser.get(PAGE).status == 404
