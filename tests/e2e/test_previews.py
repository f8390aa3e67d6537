"""A page is previewed before it is paid for, and is stamped as it was previewed."""

import json
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops

from meterai.pdf.rendering.render import render_page
from tests.applicant.client import Json
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer
from tests.e2e.refusal import Refusal, refusal
from tests.fixtures.documents.remake import LETTER

DPI = 96
BESIDE = {"at": "text", "text": "Hormat saya", "side_pt": 76.0}
ON_THE_CLOSING = {"page": 1, "x_pt": 338.0, "y_pt": 250.0}


def test_the_stamped_page_looks_like_its_preview_before_the_purchase(customer: Customer) -> None:
    document = customer.applicant.upload(LETTER.read_bytes())
    body = {"document": document, "placements": [BESIDE, {"at": "auto"}]}
    seen = customer.applicant.preview(body | {"dpi": DPI})
    facts = json.loads(seen.headers["meterai-preview"])
    assert facts["covers"] == ["", ""]

    stamped = customer.stamped(customer.paid_order(2), **body)
    assert stamped["placements"] == facts["placements"]
    assert _outside_its_stamps(customer, seen.content, stamped) is None


def test_a_damaged_document_is_stamped_as_its_repaired_preview_showed(customer: Customer) -> None:
    document = customer.applicant.upload(b"From: scanner\n\n" + LETTER.read_bytes())
    body: Json = {"document": document, "placements": [BESIDE]}
    refused = refusal(customer.applicant.ask("POST", "/v1/previews", body))
    assert (refused.code, refused.values["repairable"]) == ("document_damaged", True)
    seen = customer.applicant.preview(body | {"repair": True, "dpi": DPI})
    facts = json.loads(seen.headers["meterai-preview"])

    stamped = customer.stamped(customer.paid_order(), **body, repair=True)
    assert facts["repairs"] == [one for one in stamped["findings"] if one["repairable"]] != []
    assert _outside_its_stamps(customer, seen.content, stamped) is None


def test_text_is_covered_only_if_the_request_allows_it_explicitly(customer: Customer) -> None:
    order = customer.paid_order()
    document = customer.applicant.upload(LETTER.read_bytes())
    body = customer.stamping_body(order, document=document, placements=[ON_THE_CLOSING])
    covers = Refusal(422, "covers_text", {"number": 1, "covers": "Hormat saya,", "page": 1})
    assert refusal(customer.applicant.ask("POST", "/v1/stampings", body)) == covers
    assert customer.order(order)["available"] == 1
    twice = customer.applicant.request_stamping(body | {"allow_overlap": True})
    customer.settle()
    assert customer.applicant.stamping(twice["stamping_id"])["state"] == "stamped"


def test_a_stamped_document_is_stamped_again_and_the_response_says_so(
    customer: Customer,
) -> None:
    order = customer.paid_order(2)
    first = customer.stamped(order)
    content = customer.applicant.open(first["download_url"], accept="application/pdf").content
    again = customer.applicant.upload(content)
    same_place = customer.stamping_body(order, document=again)
    refused = refusal(customer.applicant.ask("POST", "/v1/stampings", same_place))
    assert (refused.code, refused.values["other"]) == ("covers_stamp", first["stamping_id"])
    second = customer.stamped(order, document=again, placements=[{"at": "auto"}])
    assert (first["earlier_stamps"], second["earlier_stamps"]) == (0, 1)


def test_another_accounts_document_is_not_previewed(
    customer: Customer, new_customer: NewCustomer
) -> None:
    document = customer.applicant.upload(LETTER.read_bytes())
    body: Json = {"document": document, "placements": [BESIDE]}
    answer = new_customer().applicant.ask("POST", "/v1/previews", body)
    assert refusal(answer) == Refusal(409, "document_missing", {"document": document})


def _outside_its_stamps(customer: Customer, preview: bytes, stamped: Json) -> Any:
    """Outside the stamps, whose serial a preview lacks, preview and result must be equal."""
    content = customer.applicant.open(stamped["download_url"], accept="application/pdf").content
    result = Image.open(BytesIO(render_page(content, 0, dpi=DPI)))
    picture = Image.open(BytesIO(preview))
    assert picture.format == "PNG"
    difference = ImageChops.difference(picture, result)
    assert difference.getbbox() is not None, "a preview has no serial"
    _without_stamps(difference, stamped["placements"])
    return difference.getbbox()


def _without_stamps(picture: Image.Image, placements: list[Json]) -> None:
    for one in placements:
        left, lower = one["x_pt"] * DPI / 72, picture.height - one["y_pt"] * DPI / 72
        side = one["side_pt"] * DPI / 72
        box = (int(left) - 1, int(lower - side) - 1, int(left + side) + 2, int(lower) + 2)
        picture.paste((0, 0, 0), box)
