"""The developer's page: each button does what it says, and no other site can press one."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import Client, TestResponse

from meterai.aws.load.buying_switch import DynamoBuyingSwitch
from tests.applicant.client import Json
from tests.e2e.customer import Customer
from tests.local.__main__ import OPENAPI
from tests.local.developer.seeding import BUDI, SITI, SRI, seed
from tests.local.developer.server import DeveloperServer
from tests.local.docs_page import DocsPage
from tests.local.environment import PORTAL, Environment
from tests.local.issuer.authorization import NEXT_PERSON
from tests.local.loopback import LoopbackServer
from tests.local.outages import KMS
from tests.midtrans.faults import Fault, FaultKind
from tests.pages.chromium import PHONE, need_chromium, open_chromium, open_context

HERE = "http://127.0.0.1:8003"
SHOWN_WITHIN_S = 30.0
Press = Callable[..., str]


@pytest.fixture(scope="module")
def server(environment: Environment) -> DeveloperServer:
    account = environment.account
    docs = DocsPage(OPENAPI, account.api_url, account.issuer_url, "app")
    return DeveloperServer(environment, docs)


@pytest.fixture(scope="module")
def browser(server: DeveloperServer) -> Client:
    return Client(server)


@pytest.fixture
def press(browser: Client, environment: Environment) -> Press:
    """Answers what the page says of it, once all that follows is handled."""

    def press_it(name: str, **fields: str) -> str:
        answer = send(browser, name, fields)
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/#said"), answer.text
        assert environment.gateway.wait_until_idle()
        environment.account.quiesce()
        said = re.search(r'class="banner-title">.*</span>(.*)</p>', shown(browser))
        assert said is not None
        return said[1]

    return press_it


@pytest.fixture
def charge(customer: Customer) -> Iterator[tuple[Json, str]]:
    """An order to pay, and its charge's name."""
    order = customer.applicant.buy(1)
    customer.settle()
    yield order, f"{order['order_id']}-1"
    customer.environment.gateway.faults.clear()


def shown(browser: Client) -> str:
    answer = browser.get("/", base_url=HERE)
    assert answer.status_code == 200
    return answer.text


def token_of(browser: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', shown(browser))
    assert found is not None
    return found[1]


def send(browser: Client, name: str, fields: dict[str, str], **headers: str) -> TestResponse:
    form = {"token": token_of(browser), **fields}
    return browser.post(
        f"/do/{name}", base_url=HERE, data=form, headers={"Origin": HERE, **headers}
    )


# --- what can be pressed ------------------------------------------------------------------------


def test_an_order_is_paid(customer: Customer, charge: tuple[Json, str], press: Press) -> None:
    order, name = charge
    assert press("pay", charge=name) == f"{name} is paid at the gateway."
    assert customer.order(order)["state"] == "paid"
    assert press("pay", charge=name) == f"{name} can no longer be paid: it is settlement."


def test_a_payment_whose_webhook_is_lost_is_found_once_time_has_passed(
    customer: Customer, charge: tuple[Json, str], press: Press
) -> None:
    order, name = charge
    press("pay-unreported", charge=name)
    assert customer.order(order)["state"] == "pending"
    assert press("pass", minutes="10").startswith("Ten minutes passed")
    assert customer.order(order)["state"] == "paid"


def test_the_next_webhook_is_lost_whatever_it_reports(
    customer: Customer, charge: tuple[Json, str], press: Press
) -> None:
    order, name = charge
    press("lose-webhook")
    press("pay", charge=name)
    assert customer.order(order)["state"] == "pending"
    assert not customer.environment.gateway.faults.waiting()


def test_an_order_expires(customer: Customer, charge: tuple[Json, str], press: Press) -> None:
    order, name = charge
    press("expire", charge=name)
    assert customer.order(order)["state"] == "expired"
    assert press("expire", charge=name).endswith("cannot expire: it is no longer pending.")


def test_a_payment_is_charged_back(
    customer: Customer, charge: tuple[Json, str], press: Press
) -> None:
    order, name = charge
    assert press("reverse", charge=name) == f"{name} cannot be charged back: it is pending."
    press("pay", charge=name)
    press("reverse", charge=name)
    assert customer.order(order)["state"] == "reversed"


def test_the_gateway_fails_and_the_page_says_how_often_it_still_will(
    environment: Environment, browser: Client, press: Press
) -> None:
    press("gateway-fails")
    try:
        assert "broken, 3 left" in shown(browser)
    finally:
        environment.gateway.faults.clear()


def test_webhooks_are_repeated_now(press: Press) -> None:
    assert "repeated now" in press("repeat-webhooks")


def test_the_next_worker_is_killed(
    environment: Environment, customer: Customer, press: Press
) -> None:
    order = customer.paid_order()
    workers = environment.account.functions["StampFunction"]
    failed = workers.counts().failed
    press("kill", function="StampFunction")
    customer.request(order)
    customer.settle()
    assert workers.counts().failed == failed + 1


def test_kms_fails_and_is_back(environment: Environment, browser: Client, press: Press) -> None:
    outages = environment.account.outages
    assert outages is not None
    press("kms")
    left_s = outages.left_s(KMS)
    assert "KMS is back" in buttons(browser)
    press("kms", turn="back")
    assert "KMS fails for 60 s" in buttons(browser)
    assert left_s > 0 == outages.left_s(KMS)


def test_the_timestamp_server_fails_and_is_back(
    environment: Environment, browser: Client, press: Press
) -> None:
    press("timestamps")
    is_down = environment.authority.timestamps_are_down
    assert "Timestamps are back" in buttons(browser)
    press("timestamps", turn="back")
    assert "Timestamp server fails" in buttons(browser)
    assert (is_down, environment.authority.timestamps_are_down) == (True, False)


def test_an_operator_closes_buying_and_opens_it(
    environment: Environment, browser: Client, press: Press
) -> None:
    account = environment.account
    table = account.physical("LoadStatusTable")
    switch = DynamoBuyingSwitch(account.client("dynamodb"), table)
    press("buying", turn="off")
    try:
        assert switch.is_off()
        assert "buying closed, switched off" in shown(browser)
    finally:
        press("buying", turn="on")
    assert not switch.is_off()


def test_a_schedule_runs_now(environment: Environment, press: Press) -> None:
    sweep = environment.account.functions["SweepFunction"]
    before = sweep.counts().invoked
    said = press("run", schedule="SweepFunctionEveryMinute")
    assert said in {
        "SweepFunctionEveryMinute ended: no error.",
        "SweepFunctionEveryMinute runs.",  # on a busy machine
    }
    assert sweep.counts().invoked == before + 1


# --- what is shown ------------------------------------------------------------------------------


def buttons(browser: Client) -> set[str]:
    return set(re.findall(r"<button[^>]*>([^<]+)", shown(browser)))


def test_first_data_is_a_stamped_letter_a_refund_under_way_and_an_order_to_pay(
    environment: Environment, browser: Client
) -> None:
    seed(environment)
    sri, siti, budi = (Customer(environment, person).applicant for person in (SRI, SITI, BUDI))
    [bought] = sri.get("/v1/orders")["orders"]
    assert (bought["quantity"], bought["state"], bought["available"]) == (3, "paid", 2)
    [stamping] = bought["stampings"]
    assert sri.stamping(stamping)["state"] == "stamped"
    [refund] = siti.get("/v1/refunds")["refunds"]
    assert refund["state"] in {"due", "submitted", "needs_account"}
    [to_pay] = budi.get("/v1/orders")["orders"]
    assert (to_pay["state"], len(to_pay["stampings"])) == ("pending", 1)

    # The figures may be of a moment ago; and a short poll of the portal's inbox may find nothing
    # although something is there. The page looks again each time.
    lacking = {f"{to_pay['order_id']}-1", f"stamped/{PORTAL}/{stamping}.pdf"}
    until = time.monotonic() + SHOWN_WITHIN_S
    while lacking := {each for each in lacking if each not in shown(browser)}:
        assert time.monotonic() < until, f"not on the page: {lacking}"


def test_one_click_signs_in(environment: Environment, browser: Client) -> None:
    answer = send(browser, "sign-in", {"person": BUDI})
    assert answer.headers["Location"] == f"{environment.account.api_url}/masuk?ke=/saya"
    assert f"{NEXT_PERSON}={BUDI}" in answer.headers["Set-Cookie"]
    assert send(browser, "sign-in", {"person": "nobody@pelamar.example"}).status_code == 400


def test_a_log_is_shown_and_no_other_file(environment: Environment, browser: Client) -> None:
    (environment.account.logs / "a<b>.log").write_text("<script>", encoding="utf-8")
    assert "a&lt;b&gt;.log" in browser.get("/logs/", base_url=HERE).text
    log = browser.get("/logs/a<b>.log", base_url=HERE)
    assert (log.text, log.mimetype) == ("<script>", "text/plain")
    assert browser.get("/logs/..%2f..%2fetc%2fpasswd", base_url=HERE).status_code == 404


def test_the_page_has_the_style_of_the_pages_and_no_script_of_its_own_text(
    browser: Client,
) -> None:
    page = browser.get("/", base_url=HERE)
    for address in re.findall(r'(?:src|href)="(/statis/[^"]+)"', page.text):
        assert browser.get(address, base_url=HERE).status_code == 200, address
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)
    assert browser.get("/statis/nothing.css", base_url=HERE).status_code == 404
    assert browser.get("/docs", base_url=HERE).status_code == 200


def test_the_page_shows_what_happens_without_being_loaded_again(
    environment: Environment, server: DeveloperServer
) -> None:
    """In a browser of a phone, and within its width."""
    need_chromium()
    loopback = LoopbackServer()
    loopback.start(server)
    try:
        with open_chromium() as chromium:
            page = open_context(chromium, language="en").new_page()
            faults: list[str] = []
            page.on("console", lambda said: faults.append(said.text))
            page.goto(loopback.url)
            environment.gateway.add_fault(Fault(FaultKind.BROKEN, times=7))
            page.get_by_text("broken, 7 left").wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE.width
            assert faults == []
    finally:
        environment.gateway.faults.clear()
        loopback.stop()


# --- who may press ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Origin": "http://127.0.0.1:8004"}, {}),
        ({}, {"token": "guessed"}),
        ({}, {"token": "é"}),
        ({}, {"token": ""}),
    ],
)
def test_a_form_of_another_site_is_refused(
    environment: Environment, browser: Client, headers: dict[str, str], fields: dict[str, str]
) -> None:
    assert send(browser, "lose-webhook", fields, **headers).status_code == 403
    assert not environment.gateway.faults.waiting()


def test_a_name_that_leads_here_by_dns_is_refused(browser: Client) -> None:
    assert browser.get("/", base_url="http://evil.example:8003").status_code == 403
    assert browser.get("/docs", base_url="http://evil.example:8003").status_code == 403
    assert browser.get("/", base_url="http://localhost:8003").status_code == 200


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("nothing", {}, 404),
        ("pay", {"charge": "ord_unknown-1"}, 400),
        ("pay", {}, 400),
        ("kill", {"function": "NobodyFunction"}, 400),
        ("run", {"schedule": "Nothing"}, 400),
        ("pass", {"minutes": "-10"}, 400),
    ],
)
def test_a_form_that_names_what_is_not_there_is_refused(
    browser: Client, name: str, fields: dict[str, str], status: int
) -> None:
    assert send(browser, name, fields).status_code == status
