"""The verdict on a file that somebody checked: whether it is as it was issued, and where it is not.

Each view reads the file anew, so that nothing of it is stored but itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from meterai.api import VerificationAnswer
from meterai.domain.checks.checks import (
    Check,
    MarkedPage,
    picture_token,
    read_check,
    read_picture,
)
from meterai.domain.checks.marked_pages import changed_pages, stamped_pages
from meterai.domain.errors import DocumentMissing, DocumentTooLarge, NotFound
from meterai.domain.stamping.verdicts import Cause, Verdict, VerificationResult
from meterai.languages import Language
from meterai.pages.answers import PageAnswer, Picture, Redirect, Shown
from meterai.pages.visits import Visit
from meterai.problems import PROBLEMS
from meterai.steps.check_file import (
    CheckedFile,
    check_file,
    check_fingerprint,
    draw_checked_page,
)

ADDRESS = "/periksa"
KEPT_S = 3_600


_LOOKS = {
    Verdict.GENUINE: "good",
    Verdict.EXTENDED: "good",
    Verdict.COVERED: "warn",
    Verdict.UNREADABLE: "warn",
    Verdict.FOREIGN: "note",
    Verdict.NOT_STAMPED: "note",
}
_HONEST_CAUSES = frozenset({Cause.REWRITTEN, Cause.INCOMPLETE})
"""What mostly happens to a file by mistake: the e-meterai is not lost."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page's picture: its address, and its number for people; None: the last."""

    address: str
    number: int | None
    is_marked: bool


def arrive(visit: Visit, check: str) -> PageAnswer:
    """Storage leads the browser here, and says where it put the file. From the result's own address
    nothing else can be read."""
    known = read_check(check, visit.ports.token_signer)
    name = visit.query.get("key", "").rpartition("/")[2]
    if known is None:
        return _not_there("unknown", HTTPStatus.NOT_FOUND)
    if not name:
        return _not_there("missing", HTTPStatus.NOT_FOUND)
    return Redirect(f"{ADDRESS}/{check}/{quote(name, safe='')}")


def show(visit: Visit, check: str, name: str) -> PageAnswer:
    """The verdict on what was uploaded."""
    known = read_check(check, visit.ports.token_signer)
    if known is None:
        return _not_there("unknown", HTTPStatus.NOT_FOUND)
    if known.is_over(visit.now):
        return _not_there("over", HTTPStatus.GONE)
    try:
        checked = check_file(known, name, visit.ports)
    except DocumentMissing:
        return _not_there("missing", HTTPStatus.NOT_FOUND)
    except DocumentTooLarge as error:
        return Shown("check_too_large", error.values, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    pictures = f"{ADDRESS}/{check}/{name}/gambar"
    return _result(
        visit,
        checked,
        changed=_pictures(visit, known, pictures, changed_pages(checked.result)),
        stamped=_pictures(visit, known, pictures, stamped_pages(checked.result)),
        was_uploaded=True,
    )


def show_record(visit: Visit, serial: str, sha256: str) -> PageAnswer:
    """The verdict on a file that stayed where it is."""
    try:
        result = check_fingerprint(serial, sha256, visit.ports)
    except NotFound:
        return _not_there("unknown", HTTPStatus.NOT_FOUND)
    if result is None:
        return _not_there("differs", HTTPStatus.NOT_FOUND)
    return _result(visit, CheckedFile(sha256, result), was_uploaded=False)


def draw(visit: Visit, check: str, name: str, picture: str) -> PageAnswer:
    """A page of the file, with its marks."""
    signer = visit.ports.token_signer
    known = read_check(check, signer)
    page = None if known is None else read_picture(known, picture, signer)
    if known is None or page is None or known.is_over(visit.now):
        raise NotFound
    return Picture(draw_checked_page(known, name, page, visit.ports), KEPT_S)


def _result(
    visit: Visit,
    checked: CheckedFile,
    *,
    changed: Sequence[ShownPage] = (),
    stamped: Sequence[ShownPage] = (),
    was_uploaded: bool,
) -> Shown:
    result = checked.result
    return Shown(
        "check_result",
        {
            "sha256": checked.sha256,
            "result": result,
            "answer": VerificationAnswer.of(checked.sha256, result, visit.language),
            "look": _look,
            "problem": _why_unreadable(result, visit.language),
            "changed": changed,
            "stamped": stamped,
            "was_uploaded": was_uploaded,
        },
    )


def _look(verdict: Verdict, cause: str | None) -> str:
    """The kind of banner: its colour and its sign."""
    return "warn" if cause in _HONEST_CAUSES else _LOOKS.get(verdict, "bad")


def _why_unreadable(result: VerificationResult, language: Language) -> str | None:
    """The cause is then the code of a problem."""
    problem = PROBLEMS.get(result.cause or "")
    if result.verdict is not Verdict.UNREADABLE or problem is None:
        return None
    return problem.title.in_language(language)


def _not_there(why: str, status: int) -> Shown:
    return Shown("check_not_there", {"why": why}, status)


def _pictures(
    visit: Visit, check: Check, address: str, pages: Sequence[MarkedPage]
) -> list[ShownPage]:
    signer = visit.ports.token_signer
    return [
        ShownPage(
            f"{address}/{picture_token(check, page, signer)}",
            page.page if page.page > 0 else None,
            bool(page.marks),
        )
        for page in pages
    ]
