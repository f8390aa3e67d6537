"""/saya: what one ever did."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import DraftId
from meterai.domain.refunds.refund_transitions import confirmed
from meterai.domain.stamping.outputs import Output
from tests.unit.functions.function_app import sample
from tests.unit.functions.story import ACCOUNT, ORDER, REFUND, SERIAL, before
from tests.unit.pages.browser import Browser
from tests.unit.pages.buying import PLACE, Applicant


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
    [address] = re.findall('second" href="(/saya.sesudah=[^"]+)', first.html)
    second = browser.get(address)

    assert first.html.count("<article") == 10
    assert second.html.count("<article") == 1
    assert f"/saya/pesanan/{ORDER}" in second.html
    assert 'class="button second" href="/saya?sesudah=' not in second.html


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


def draft_of(browser: Browser, **values: Any) -> Draft:
    """Somebody's draft with one document, of the present moment."""
    now = browser.app.state.now
    document = DraftDocument("0" * 64, "Lamaran <b>saya</b>.pdf", 80_000)
    draft = Draft(DraftId("drf_A"), ACCOUNT, now, now, (document,))
    return browser.app.ports.drafts.put_new(replace(draft, **values))


def test_what_one_prepares_comes_first_until_it_is_paid(browser: Browser) -> None:
    at(browser, "read_order")
    draft = draft_of(browser)
    begun = browser.get("/saya")
    ordered = replace(draft, order_id=ORDER, version=2)
    assert browser.app.ports.drafts.replace(draft, ordered)
    unpaid = browser.get("/saya")
    before(browser.app, "request_stamping")
    paid = browser.get("/saya")

    assert "Lamaran <b>saya</b>.pdf Perlu dilengkapi" in begun.text
    assert 'href="/saya/pengajuan/drf_A/dokumen/1">belum ada tempat e-meterai' in begun.html
    assert 'href="/saya/pengajuan/drf_A"' in begun.html
    assert 'href="/saya/pengajuan/drf_A/bayar"' in unpaid.html
    assert "Sedang disiapkan" not in paid.text


def test_a_draft_says_what_it_still_lacks(browser: Browser) -> None:
    first, second = (DraftDocument(n * 64, f"{n}.pdf", 80_000) for n in "01")
    placed = replace(first, placement=PLACE)
    draft = draft_of(at(browser, "read_order"), documents=(placed, second))
    lacking = browser.get("/saya")
    ready = replace(draft, documents=(placed,), version=2)
    assert browser.app.ports.drafts.replace(draft, ready)

    assert "Perlu dilengkapi 1.pdf : belum ada tempat e-meterai Lanjutkan" in lacking.text
    assert 'href="/saya/pengajuan/drf_A/dokumen/2"' in lacking.html
    assert "0.pdf Siap dibayar Lanjutkan" in browser.get("/saya").text


def test_an_unpaid_order_leads_back_to_where_its_draft_is_paid(browser: Browser) -> None:
    at(browser, "read_order")
    draft_of(browser, order_id=ORDER)

    page = browser.get(f"/saya/pesanan/{ORDER}")
    assert 'href="/saya/pengajuan/drf_A/bayar">Lanjut membayar' in page.html


def test_a_file_is_called_what_its_owner_called_it(browser: Browser) -> None:
    at(browser, "read_history")
    document = DraftDocument("0" * 64, "lamaran.pdf", 80_000, stamping=SERIAL)
    draft_of(browser, order_id=ORDER, documents=(document,))

    assert "lamaran.pdf 1 e-meterai, dibubuhkan" in browser.get("/saya").text
    assert "lamaran.pdf" in browser.get(f"/saya/pesanan/{ORDER}").text


def test_a_document_of_an_unpaid_order_is_promised_nothing(browser: Browser) -> None:
    applicant = Applicant(browser)
    applicant.buy()
    unpaid = browser.get("/saya").text
    applicant.pays()

    assert unpaid.count("surat 2.pdf Dibubuhkan begitu pesanannya dibayar.") == 1
    assert "uangnya kembali otomatis" not in unpaid
    assert "begitu pesanannya dibayar" not in browser.get("/saya").text
