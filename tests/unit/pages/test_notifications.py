"""Who buys may ask for e-mails, sees whether they come, and stops them, signed in or not."""

from meterai.container import container
from meterai.domain.errors import Unavailable
from meterai.domain.notifications.consents import stop_token
from tests.unit.pages.browser import ACCOUNT, Browser
from tests.unit.pages.buying import CHECK, Applicant

BOX = 'name="kabar"'
OWN = "/saya/kabar"


def pseudonym() -> str:
    return container.id_deriver.pseudonym(ACCOUNT)


def test_who_ticks_the_box_consents_and_their_order_and_documents_tell(browser: Browser) -> None:
    applicant = Applicant(browser)
    applicant.buy(kabar="ya")
    assert applicant.draft.notify
    assert applicant.order.notify
    serials = applicant.order.stampings()
    assert all(browser.app.state.serials[one].notify for one in serials)
    assert browser.app.state.consents[pseudonym()].language == "id"


def test_who_does_not_tick_it_leaves_nothing_behind(browser: Browser) -> None:
    applicant = Applicant(browser)
    assert BOX in applicant.open(CHECK).html
    assert 'id="kabar"' not in applicant.page.html, "so is the live region, hidden while empty"
    assert "checked" not in applicant.page.html.partition(BOX)[2].partition(">")[0]
    applicant.press("Bayar Rp20.000")
    assert not applicant.order.notify
    assert not browser.app.state.consents


def test_where_no_sender_is_configured_none_is_offered(browser: Browser) -> None:
    browser.app.ports.notifications.are_sent = False
    applicant = Applicant(browser)
    assert BOX not in applicant.open(CHECK).html
    applicant.buy(kabar="ya")
    assert not applicant.order.notify
    assert not browser.app.state.consents
    assert "tidak mengirim e-mail" in browser.get(OWN).text


def test_a_consent_that_cannot_be_stored_stops_nobody_from_buying(browser: Browser) -> None:
    applicant = Applicant(browser)
    applicant.open(CHECK)

    def fail(_: str, name: str) -> None:
        if name.startswith("Consents."):
            raise Unavailable(party="dynamodb")

    browser.app.state.hook = fail
    applicant.press("Bayar Rp20.000", kabar="ya")
    assert not applicant.order.notify


def test_one_sees_whether_mails_come_and_turns_them_off_and_on(browser: Browser) -> None:
    assert "Anda tidak menerima e-mail" in browser.get(OWN).text
    assert browser.post(OWN, aksi="mulai").to == OWN
    assert "Anda menerima e-mail" in browser.get(OWN).text
    assert browser.post(OWN, aksi="berhenti").to == OWN
    assert "Anda tidak menerima e-mail" in browser.get(OWN).text


def test_the_link_of_a_mail_asks_first_and_stops_with_one_press(browser: Browser) -> None:
    browser.post(OWN, aksi="mulai")
    browser.account = None
    address = f"/berhenti/{stop_token(pseudonym(), container.token_signer)}"
    assert "Berhenti menerima e-mail?" in browser.get(address).html
    assert browser.app.state.consents, "a mail program opened the link"
    stopped = browser.post(address, token="", **{"List-Unsubscribe": "One-Click"})
    assert stopped.status == 200, "RFC 8058, 3.1: no redirect"
    assert "Anda tidak menerima e-mail lagi" in stopped.html
    assert not browser.app.state.consents


def test_a_link_that_is_not_ours_stops_nothing(browser: Browser) -> None:
    browser.post(OWN, aksi="mulai")
    address = f"/berhenti/{stop_token(pseudonym(), container.token_signer)[:-1]}A"
    for page in (browser.get(address), browser.post(address)):
        assert (page.status, "Tautan ini sudah tidak berlaku" in page.html) == (404, True)
    assert browser.app.state.consents
