"""Which signatures are e-meterai, and of which serial."""

import pytest

from meterai.pdf.structure.restrictions import stamp_serial

SERIAL = "A234567890B234567890C2"
OTHER = "Z234567890B234567890C2"


@pytest.mark.parametrize(
    ("field", "signature", "serial"),
    [
        ("TandaTangan", {"/XXEMeterai": f"/{SERIAL}"}, SERIAL),
        (f"Emet{OTHER}", {"/XXEMeterai": f"/{SERIAL}"}, SERIAL),
        (f"Emet{SERIAL}", {}, SERIAL),
        (f"Emet{SERIAL}", {"/XXEMeterai": "/foo"}, SERIAL),
        ("Emeterai", {}, None),
        ("Emet", {}, None),
        (f"Emet{SERIAL}X", {}, None),
        (f"Emet{SERIAL.lower()}", {}, None),
        (SERIAL, {}, None),
        (None, {}, None),
        ("TandaTangan", {"/XXEMeterai": "/foo"}, None),
        ("TandaTangan", {"/XXEMeterai": SERIAL}, None),
        ("TandaTangan", {"/XXEMeterai": 22}, None),
    ],
)
def test_a_signature_is_an_emeterai_only_if_it_names_a_well_formed_serial(
    field: str | None, signature: dict[str, object], serial: str | None
) -> None:
    assert stamp_serial(field, signature) == serial
