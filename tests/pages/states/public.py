"""Pages that everybody sees."""

from playwright.sync_api import Route

from meterai.languages import negotiate
from meterai.pages.environment import render
from tests.e2e.test_paused_buying import paused
from tests.pages.buying import closed
from tests.pages.states import state
from tests.pages.visitor import Visitor
from tests.pages.world import NEVER_ISSUED


@state("start", "nothing known of waits")
def start(visitor: Visitor) -> None:
    visitor.open("/")


@state("start", "signed in, no queue")
def start_of_somebody(visitor: Visitor) -> None:
    visitor.world.publish_load()
    visitor.sign_in(visitor.world.owner)
    visitor.open("/")
    visitor.page.get_by_text("Keluar").wait_for()


@state("start", "buying is paused")
def start_while_paused(visitor: Visitor) -> None:
    visitor.afterwards.enter_context(paused(visitor.place))
    visitor.open("/")
    visitor.page.get_by_text("Banyak orang sedang membeli").wait_for()


@state("start", "buying is closed")
def start_while_closed(visitor: Visitor) -> None:
    visitor.afterwards.enter_context(closed(visitor.world))
    visitor.open("/")
    visitor.page.get_by_text("Pembelian sedang ditutup").wait_for()


@state("not found", "unknown address")
def not_found(visitor: Visitor) -> None:
    visitor.open("/saya/tidak-ada", status=404)


@state("failed", "an unexpected error")
def failed(visitor: Visitor) -> None:
    """The real page, put in the way of an answer: no address of a system that works has it."""

    def answer(route: Route) -> None:
        asked = route.request.headers.get("accept-language")
        body = render("failed", negotiate(asked), request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef")
        route.fulfill(status=500, content_type="text/html; charset=utf-8", body=body)

    visitor.page.route("**/saya", answer)
    visitor.open("/saya", status=500)


@state("serial", "genuine")
def genuine(visitor: Visitor) -> None:
    visitor.open(f"/S/{visitor.world.stamping['stamping_id']}")


@state("serial", "unknown")
def unknown(visitor: Visitor) -> None:
    visitor.open(f"/S/{NEVER_ISSUED}", status=404)


@state("refund link", "done")
def refund(visitor: Visitor) -> None:
    visitor.open(visitor.world.refund["follow_url"])


@state("refund link", "on its way")
def waiting_refund(visitor: Visitor) -> None:
    visitor.open(visitor.world.waiting_refund["follow_url"])


@state("refund link", "unknown")
def unknown_refund(visitor: Visitor) -> None:
    visitor.open("/R/tidak-ada", status=404)
