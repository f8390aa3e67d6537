"""After the payment: what becomes of each document, and its file."""

from datetime import timedelta

import pytest

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane
from tests.fakes.stamper import DAMAGED
from tests.unit.pages.browser import ACCOUNT, Browser
from tests.unit.pages.buying import FILES, LETTERS, PAY, PROGRESS, Applicant
from tests.unit.steps.snapshots import calm


@pytest.fixture
def applicant(browser: Browser) -> Applicant:
    """Who has ordered."""
    made = Applicant(browser)
    made.buy()
    return made


def test_while_they_wait_each_says_by_when(applicant: Applicant) -> None:
    applicant.pump.stamping_moves = False
    applicant.pays()
    lanes = {lane: calm(applicant.system.now).lanes[lane] for lane in Lane}
    applicant.system.state.snapshot = LoadSnapshot(applicant.system.now, lanes)
    page = applicant.open(PAY)

    assert applicant.address == PROGRESS
    assert page.text.count("Dalam antrean") == 2
    assert "jika tidak, uang Anda kembali otomatis" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.html
    assert applicant.browser.get(FILES).to == PROGRESS


def test_it_turns_to_the_files_once_nothing_waits(applicant: Applicant) -> None:
    applicant.pays()

    assert applicant.browser.get(PROGRESS).to == FILES


def test_a_file_has_its_serial_and_its_fingerprint(applicant: Applicant) -> None:
    applicant.pays()
    page = applicant.open(FILES)

    for document in applicant.draft.documents:
        assert document.stamping is not None
        stored = applicant.system.state.serials[document.stamping]
        assert f'href="/S/{stored.serial}"' in page.html
        assert stored.outputs[0].sha256 in page.text
        assert f'href="/saya/berkas/{stored.serial}"' in page.html
    assert "Jangan dibuka lalu disimpan di WPS atau Preview, dan jangan dikompres" in page.text
    assert "https://" not in page.html


def test_a_portal_gets_it_by_itself(browser: Browser) -> None:
    applicant = Applicant(browser)
    applicant.edit(portal="sscasn")
    applicant.buy()
    applicant.pays()

    assert "SSCASN menerima berkas ini otomatis" in applicant.open(FILES).text


def test_a_file_that_is_too_large_for_portals_says_so(applicant: Applicant) -> None:
    large = LETTERS[0] + b"%" * 800_000
    applicant.press("Batalkan pesanan ini")
    first, second = applicant.draft.documents
    digest = applicant.system.upload(large, ACCOUNT)
    applicant.edit(documents=(type(first)(digest, first.name, len(large), first.placement), second))
    applicant.buy()
    applicant.pays()

    assert applicant.open(FILES).text.count("lebih besar dari 800 KB") == 1


def test_what_no_worker_stamped_is_given_back(applicant: Applicant) -> None:
    applicant.system.settle(applicant.order)
    applicant.pump.stamping_moves = False
    applicant.pump.deliver()
    applicant.system.state.stamping_lane.clear()
    applicant.system.state.pass_time(timedelta(days=2))
    applicant.pump.stamping_moves = True
    applicant.system.sweep()
    applicant.pump.deliver()
    page = applicant.open(PROGRESS)

    assert applicant.address == FILES
    assert page.text.count("Tidak dibubuhi") == 2
    assert page.text.count("Uangnya kembali otomatis") == 2
    assert 'href="/saya/pengembalian/rfd_' in page.html


def test_a_document_that_is_refused_by_the_stamper_leaves_its_e_meterai(
    applicant: Applicant,
) -> None:
    second = applicant.draft.documents[1]
    applicant.system.state.documents[(ACCOUNT, second.sha256)] += DAMAGED
    applicant.pays()
    page = applicant.open(FILES)

    assert page.text.count("Unduh PDF") == 1
    assert "Dokumen ini tidak dapat dibubuhi" in page.text
    assert "tidak terpakai dan tetap milik Anda" in page.text
    assert f'href="/saya/pesanan/{applicant.order.order_id}"' in page.html
