"""Checking a file, without signing in."""

from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("check", "the form")
def form(visitor: Visitor) -> None:
    visitor.open("/periksa")


@state("check", "a mistyped serial")
def mistyped(visitor: Visitor) -> None:
    visitor.open("/periksa?seri=ABC123")


@state("check", "genuine by its fingerprint")
def genuine(visitor: Visitor) -> None:
    stamping = visitor.world.stamping
    sha256 = stamping["stamped_sha256"]
    visitor.open(f"/periksa/catatan/{stamping['stamping_id']}/{sha256}")


@state("check", "unknown result")
def unknown(visitor: Visitor) -> None:
    visitor.open("/periksa/tidak-ada", status=404)
