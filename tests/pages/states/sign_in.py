"""Signing in, each way in which that fails, and signing out."""

from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("sign in", "came back to one's own page")
def came_back(visitor: Visitor) -> None:
    visitor.open("/saya")
    visitor.page.get_by_role("button", name="sri@pelamar.example").click()
    visitor.page.get_by_role("heading", level=1).wait_for()
    assert visitor.page.url == f"{visitor.origin}/saya"


@state("sign in", "begun in another browser or too long ago")
def begun_elsewhere(visitor: Visitor) -> None:
    visitor.open("/masuk/kembali?code=x&state=y", status=403)


@state("sign in", "given up", once=True)
def given_up(visitor: Visitor) -> None:
    visitor.open("/saya")
    state = visitor.page.evaluate("new URL(location.href).searchParams.get('state')")
    visitor.open(f"/masuk/kembali?error=access_denied&state={state}", status=403)


@state("sign in", "the address was used", once=True)
def code_used(visitor: Visitor) -> None:
    visitor.open("/saya")
    state = visitor.page.evaluate("new URL(location.href).searchParams.get('state')")
    visitor.open(f"/masuk/kembali?code=used&state={state}", status=403)


@state("sign out", "asked once more")
def sign_out(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.owner)
    visitor.open("/keluar")


@state("form", "too old", once=True)
def too_old(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.newcomer())
    visitor.open("/keluar")
    token = visitor.page.locator("main [name=token]")
    token.evaluate("field => { field.value = '1000000000.' + 'A'.repeat(30) }")
    visitor.page.locator("main").get_by_role("button", name="Keluar").tap()
    visitor.page.get_by_role("heading", name="Formulir ini sudah lama terbuka").wait_for()
