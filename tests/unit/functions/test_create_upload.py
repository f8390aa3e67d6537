from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT

SHA256 = "5899698514e05f05cd92a105269edef73ec7fac6131e07c6087de04e81fe2d9d"


def test_an_upload_address_is_given_for_exactly_this_file(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("create_upload"))
    assert answer.status == 201
    assert answer.json == {
        "document": SHA256,
        "url": f"https://documents.example/{ACCOUNT}",
        "fields": {"key": SHA256, "size": "28"},
        "expires_at": "2026-11-24T02:15:00Z",
    }


def test_a_document_over_the_limit_is_refused_before_it_is_uploaded(
    memory_app: FunctionApp,
) -> None:
    answer = memory_app.request(sample("create_upload.too_large"))
    assert answer.status == 413
    assert answer.json == {
        "type": "urn:meterai:problem:document_too_large",
        "title": "Dokumen terlalu besar",
        "status": 413,
        "code": "document_too_large",
        "detail": "Ukuran dokumen 20.000.001 byte; batasnya 20.000.000 byte. Jika belum "
        "ditandatangani atau dibubuhi, perkecil dahulu, lalu unggah.",
        "size_bytes": 20_000_001,
        "limit_bytes": 20_000_000,
    }
