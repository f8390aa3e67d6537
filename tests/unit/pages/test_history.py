"""/saya: what one ever did."""

from dataclasses import replace
from datetime import timedelta

from meterai.domain.refunds.refund_transitions import confirmed
from meterai.domain.stamping.outputs import Output
from tests.unit.functions.function_app import sample
from tests.unit.functions.story import ACCOUNT, ORDER, REFUND, SERIAL, before
from tests.unit.pages.browser import Browser


def at(browser: Browser, moment: str) -> Browser:
    """The buyer of the story, up to this moment."""
    browser.account = ACCOUNT
    before(browser.app, moment)
    return browser


def test_who_has_bought_nothing_is_told_where_to_begin(browser: Browser) -> None:
    page = browser.get("/saya")

    assert "Belum ada apa-apa di sini" in page.text
    assert 'href="/saya/pengajuan"' in page.html


def test_who_is_not_signed_in_comes_back_after_signing_in(browser: Browser) -> None:
    browser.account = None

    assert browser.get("/saya").to == "/masuk?ke=/saya"
    assert browser.get(f"/saya/pesanan/{ORDER}").to == f"/masuk?ke=/saya/pesanan/{ORDER}"


def test_an_order_has_what_is_left_its_files_and_its_refunds(browser: Browser) -> None:
    page = at(browser, "read_history").get("/saya")

    assert "3 e-meterai, Rp30.000" in page.text
    assert "1 sudah dibubuhkan, 1 belum dipakai, 1 dikembalikan" in page.text
    assert f'href="/saya/berkas/{SERIAL}"' in page.html
    assert "Pengembalian Rp10.000" in page.text
    assert f'href="/saya/pengembalian/{REFUND}"' in page.html


def test_a_refund_that_came_in_time_says_that_the_promise_was_kept(browser: Browser) -> None:
    state = at(browser, "read_history").app.state
    state.refunds[REFUND] = confirmed(state.refunds[REFUND], state.now)
    in_time = browser.get("/saya").text
    late = replace(state.refunds[REFUND], created_at=state.now - timedelta(days=1, seconds=1))
    state.refunds[REFUND] = late

    assert "ditepati" in in_time
    assert "terlambat. Maaf." in browser.get("/saya").text


def test_older_orders_are_on_the_next_page(browser: Browser) -> None:
    at(browser, "read_history")
    for number in range(10):
        event = sample("purchase")
        event["headers"]["idempotency-key"] = f"another-order-{number}"
        browser.app.state.pass_time(timedelta(minutes=20))
        browser.app.request(event)

    first = browser.get("/saya")
    [address] = [part for part in first.html.split('"') if part.startswith("/saya?sesudah=")]
    second = browser.get(address)

    assert first.html.count("<article") == 10
    assert second.html.count("<article") == 1
    assert f"/saya/pesanan/{ORDER}" in second.html
    assert "/saya?sesudah=" not in second.html


def test_a_cursor_that_is_none_shows_the_newest(browser: Browser) -> None:
    assert browser.get("/saya?sesudah=kemarin").to == "/saya"


def test_a_file_is_fetched_by_an_address_made_on_the_click(browser: Browser) -> None:
    state = at(browser, "read_history").app.state
    state.pass_time(timedelta(days=400))

    assert SERIAL in browser.get(f"/saya/berkas/{SERIAL}").to
    assert browser.get(f"/saya/berkas/{SERIAL}/arsip").status == 404
    output = Output.of(b"augmented")
    state.serials[SERIAL] = replace(
        state.serials[SERIAL], outputs=(*state.serials[SERIAL].outputs, output)
    )
    assert f'href="/saya/berkas/{SERIAL}/arsip"' in browser.get("/saya").html
    assert browser.get(f"/saya/berkas/{SERIAL}/arsip").status == 303


def test_somebody_elses_things_are_not_found(browser: Browser) -> None:
    at(browser, "read_history")
    browser.account = "somebody-else"

    for address in (
        f"/saya/berkas/{SERIAL}",
        f"/saya/pesanan/{ORDER}",
        f"/saya/pesanan/{ORDER}/kembalikan?jumlah=1",
        f"/saya/pengembalian/{REFUND}",
    ):
        assert browser.get(address).status == 404
    assert "Belum ada apa-apa" in browser.get("/saya").text


def test_a_file_that_is_not_stamped_is_not_there(browser: Browser) -> None:
    at(browser, "stamp")

    assert browser.get(f"/saya/berkas/{SERIAL}").status == 404
    assert "Menunggu dibubuhkan" in browser.get("/saya").text
