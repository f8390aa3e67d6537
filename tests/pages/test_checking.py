"""The page that checks a file, with its script: what leaves the device."""

import hashlib

from playwright.sync_api import Request

from tests.fixtures.documents.remake import LETTER
from tests.pages.conftest import NewVisitor
from tests.pages.visitor import Visitor

FILE = "application/pdf"


def _checked(visitor: Visitor, content: bytes) -> list[Request]:
    """What the browser sends from the press on. The verdict is shown."""
    visitor.open("/periksa")
    sent: list[Request] = []

    def keep(request: Request) -> None:
        sent.append(request)

    visitor.page.on("request", keep)
    visitor.page.get_by_label("Berkas PDF").set_input_files(
        {"name": "rahasia.pdf", "mimeType": FILE, "buffer": content}
    )
    visitor.page.get_by_role("button", name="Periksa", exact=True).tap()
    visitor.page.wait_for_url("**/periksa/*/**")
    visitor.page.wait_for_load_state()
    return sent


def test_of_a_file_on_record_only_its_serial_and_its_fingerprint_leave_the_device(
    new_visitor: NewVisitor,
) -> None:
    visitor = new_visitor()
    stamping = visitor.world.stamping
    content = visitor.world.owner.applicant.open(stamping["download_url"]).content
    serial, sha256 = stamping["stamping_id"], hashlib.sha256(content).hexdigest()

    sent = _checked(visitor, content)
    asked = [one.url.removeprefix(visitor.origin) for one in sent if "/statis/" not in one.url]
    assert asked == [f"/S/{serial}", f"/periksa/catatan/{serial}/{sha256}"]
    assert {(one.method, one.post_data_buffer) for one in sent} == {("GET", None)}
    assert visitor.page.get_by_text("asli").first.is_visible()


def test_of_another_file_the_upload_is_what_answers(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    sent = _checked(visitor, LETTER.read_bytes())

    [upload] = [one for one in sent if one.method == "POST"]
    assert not upload.url.startswith(visitor.origin), "straight to storage"
    assert not [one for one in sent if "/S/" in one.url]
