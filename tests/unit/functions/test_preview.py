import json

from tests.fakes.stamper import PNG
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import before
from tests.unit.functions.test_problems import assert_problem


def test_a_preview_is_a_picture_with_its_facts_in_a_header(office: StampOffice) -> None:
    before(office, "preview")
    answer = office.request(sample("preview"))
    assert (answer.status, answer.content) == (200, PNG)
    assert answer.headers["Content-Type"] == "image/png"
    assert json.loads(answer.headers["Meterai-Preview"]) == {
        "page": 1,
        "page_count": 3,
        "placements": [{"page": 1, "x_pt": 400.0, "y_pt": 540.0, "side_pt": 72.0}],
        "covers": [""],
        "already_stamped": [],
    }


def test_a_preview_is_asked_before_anything_is_paid_and_leaves_nothing(
    office: StampOffice,
) -> None:
    before(office, "preview")
    slots = [order.slots for order in office.world.orders.values()]
    assert office.request(sample("preview")).status == 200
    assert [order.slots for order in office.world.orders.values()] == slots
    assert not office.world.serials
    assert not office.world.signed


def test_a_preview_shows_what_would_be_covered(office: StampOffice) -> None:
    before(office, "preview")
    event = sample("preview")
    body = json.loads(event["body"]) | {"placements": [{"page": 1, "x_pt": 350, "y_pt": 570}]}
    answer = office.request(event | {"body": json.dumps(body)})
    assert json.loads(answer.headers["Meterai-Preview"])["covers"] == ["Hormat saya"]


def test_a_text_that_is_not_there_is_told(office: StampOffice) -> None:
    before(office, "preview")
    answer = office.request(sample("preview.no_such_text"))
    assert_problem(answer, 422, "anchor_not_found")
    assert answer.json["found"] == 0


def test_the_page_that_is_shown_may_be_another(office: StampOffice) -> None:
    before(office, "preview")
    event = sample("preview")
    body = json.loads(event["body"])
    for page, shown in ((-1, 3), (2, 2)):
        answer = office.request(event | {"body": json.dumps(body | {"page": page})})
        assert json.loads(answer.headers["Meterai-Preview"])["page"] == shown
    assert_problem(
        office.request(event | {"body": json.dumps(body | {"page": 4})}), 422, "page_out_of_range"
    )
