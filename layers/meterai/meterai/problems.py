"""Errors as people read them: one table from code to status, title and sentence.

Answers are RFC 9457 problems (`application/problem+json`): `type` is a stable URN with the code,
`detail` is a sentence in English, `detail_id` the same in Indonesian, and the values stand beside.
"""

from dataclasses import dataclass
from typing import Any

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """`english` and `indonesian` are format strings over the error's values."""

    status: int
    title: str
    english: str
    indonesian: str

    def body(self, code: str, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": f"urn:meterai:problem:{code}",
            "code": code,
            "title": self.title,
            "status": self.status,
            "detail": self.english.format(**values),
            "detail_id": self.indonesian.format(**values),
            **values,
        }


PROBLEMS: dict[str, Problem] = {
    "malformed_json": Problem(
        400,
        "Malformed JSON",
        "The body is not one JSON object in UTF-8.",
        "Isi permintaan bukan satu objek JSON dalam UTF-8.",
    ),
    "unsupported_media_type": Problem(
        415,
        "Unsupported media type",
        "Send the body as application/json.",
        "Kirim isi permintaan sebagai application/json.",
    ),
    "invalid_request": Problem(
        400,
        "Invalid request",
        "Some fields are missing, unknown or of the wrong form; see errors.",
        "Ada isian yang kurang, tidak dikenal, atau salah bentuk; lihat errors.",
    ),
    "body_too_large": Problem(
        413,
        "Body too large",
        "The body is larger than {limit_bytes} bytes. Upload documents by POST /v1/documents.",
        "Isi permintaan lebih dari {limit_bytes} bita. Unggah dokumen lewat POST /v1/documents.",
    ),
    "internal_error": Problem(
        500,
        "Internal error",
        "Something went wrong on our side; nothing was lost. Try again with the same key.",
        "Terjadi kesalahan di pihak kami; tidak ada yang hilang. Coba lagi dengan kunci yang sama.",
    ),
    "idempotency_key_missing": Problem(
        400,
        "Idempotency-Key missing",
        "Send an Idempotency-Key header of 8 to 128 letters, digits, '-' or '_', "
        "the same for each retry.",
        "Sertakan tajuk Idempotency-Key 8 sampai 128 huruf, angka, '-' atau '_', "
        "sama untuk tiap percobaan ulang.",
    ),
    "idempotency_key_reused": Problem(
        422,
        "Idempotency-Key reused",
        "This Idempotency-Key was used with another request. Take a new key.",
        "Idempotency-Key ini sudah dipakai untuk permintaan lain. Gunakan kunci baru.",
    ),
    "not_found": Problem(
        404,
        "Not found",
        "There is no such thing in your account.",
        "Tidak ditemukan di akun Anda.",
    ),
    "method_not_allowed": Problem(
        405,
        "Method not allowed",
        "This address takes {allowed}.",
        "Alamat ini hanya menerima {allowed}.",
    ),
    "quantity_out_of_range": Problem(
        400,
        "Quantity out of range",
        "One order holds 1 to {largest} e-meterai, not {quantity}.",
        "Satu pesanan berisi 1 sampai {largest} e-meterai, bukan {quantity}.",
    ),
    "portal_unknown": Problem(
        400,
        "Unknown portal",
        "There is no portal called {portal}.",
        "Tidak ada portal bernama {portal}.",
    ),
    "order_closed": Problem(
        409,
        "Order closed",
        "The order has expired or was reversed; nothing can be taken from it. "
        "Money that comes for it goes back by itself.",
        "Pesanan sudah kedaluwarsa atau dibatalkan bank; tidak ada yang dapat diambil. "
        "Uang yang masuk kembali dengan sendirinya.",
    ),
    "order_not_paid": Problem(
        409,
        "Order not paid",
        "The order is {state}; only what was paid can be refunded.",
        "Pesanan berstatus {state}; hanya yang sudah dibayar dapat dikembalikan.",
    ),
    "no_account_needed": Problem(
        409,
        "No account needed",
        "The refund is {state}; it waits for no account.",
        "Pengembalian berstatus {state}; tidak menunggu rekening.",
    ),
    "claim_link_invalid": Problem(
        422,
        "Claim link not valid",
        "The link was not made for this refund. Ask for a new one.",
        "Tautan ini bukan untuk pengembalian ini. Mintalah tautan baru.",
    ),
    "claim_link_expired": Problem(
        410,
        "Claim link expired",
        "The link served until {expired_at}. Ask for a new one.",
        "Tautan ini berlaku sampai {expired_at}. Mintalah tautan baru.",
    ),
    "claim_link_used": Problem(
        409,
        "Claim link used",
        "An account was given by this link before; it serves once.",
        "Rekening sudah diberikan lewat tautan ini; tautan hanya berlaku sekali.",
    ),
    "account_unknown": Problem(
        422,
        "Account not found",
        "The bank has no such account. Check the bank and the number.",
        "Rekening tidak ditemukan di bank itu. Periksa bank dan nomornya.",
    ),
    "holder_differs": Problem(
        422,
        "Holder's name differs",
        "The bank knows this account under another name. Write the holder's name as it stands "
        "in the account.",
        "Bank mencatat rekening ini atas nama lain. Tulis nama pemilik seperti tercantum pada "
        "rekening.",
    ),
    "no_balance": Problem(
        409,
        "No balance left",
        "{wanted} e-meterai are wanted, {available} are free in this order.",
        "Diminta {wanted} e-meterai, tersedia {available} dalam pesanan ini.",
    ),
    "document_already_stamped": Problem(
        409,
        "Document already stamped",
        "This document already has an e-meterai of this order. "
        "Say again=true to put another on it.",
        "Dokumen ini sudah memakai e-meterai dari pesanan ini. "
        "Kirim again=true untuk menambah satu lagi.",
    ),
    "in_stamping": Problem(
        409,
        "In stamping",
        "The e-meterai is being put on its document at this moment. Ask again in a minute.",
        "E-meterai sedang dibubuhkan saat ini. Tanyakan lagi sebentar.",
    ),
    "document_missing": Problem(
        409,
        "Document missing",
        "The document was not uploaded yet. Ask POST /v1/documents and upload it first.",
        "Dokumen belum diunggah. Panggil POST /v1/documents lalu unggah dahulu.",
    ),
    "document_hash_mismatch": Problem(
        422,
        "Document differs",
        "The uploaded file does not have the SHA-256 that was declared. Upload it again.",
        "Berkas yang diunggah berbeda dari SHA-256 yang dinyatakan. Unggah kembali.",
    ),
    "document_too_large": Problem(
        413,
        "Document too large",
        "The document has {size_bytes} bytes; at most {limit_bytes} are taken.",
        "Dokumen berukuran {size_bytes} bita; paling besar {limit_bytes}.",
    ),
    "not_a_pdf": Problem(
        422,
        "Not a PDF",
        "The file is not a PDF document.",
        "Berkas ini bukan dokumen PDF.",
    ),
    "document_damaged": Problem(
        422,
        "Document damaged",
        "The PDF's structure is damaged. Print it to PDF anew and upload that.",
        "Struktur PDF rusak. Cetak ulang ke PDF lalu unggah hasilnya.",
    ),
    "document_encrypted": Problem(
        422,
        "Document encrypted",
        "The PDF needs a password. Save it without one and upload that.",
        "PDF ini memakai kata sandi. Simpan tanpa kata sandi lalu unggah.",
    ),
    "permission_denied": Problem(
        422,
        "Permissions forbid it",
        "The PDF's permissions forbid signing it. Ask its author for a copy that allows it.",
        "Izin PDF ini melarang penandatanganan. Minta salinan yang mengizinkannya.",
    ),
    "document_certified": Problem(
        422,
        "Document certified",
        "The PDF is certified against changes; an e-meterai would break it. Stamp it before.",
        "PDF ini disertifikasi terhadap perubahan; e-meterai akan merusaknya. Bubuhkan sebelumnya.",
    ),
    "document_locked": Problem(
        422,
        "Document locked",
        "An earlier signature locked the PDF; an e-meterai would break it. Stamp it before.",
        "Tanda tangan sebelumnya mengunci PDF ini; e-meterai akan merusaknya. Bubuhkan sebelumnya.",
    ),
    "form_is_xfa": Problem(
        422,
        "XFA form",
        "The PDF is an XFA form. Print it to PDF and upload that.",
        "PDF ini formulir XFA. Cetak ke PDF lalu unggah hasilnya.",
    ),
    "page_out_of_range": Problem(
        422,
        "Page out of range",
        "The document has {page_count} pages; there is no page {page}.",
        "Dokumen ini {page_count} halaman; tidak ada halaman {page}.",
    ),
    "box_off_page": Problem(
        422,
        "Box off the page",
        "The stamp does not lie on page {page} ({page_width_pt} x {page_height_pt} points).",
        "Meterai tidak seluruhnya di halaman {page} ({page_width_pt} x {page_height_pt} poin).",
    ),
    "stamp_size_refused": Problem(
        422,
        "Size of the stamp",
        "The stamp would have a side of {side_pt} points; {smallest_pt} to {largest_pt} can be "
        "read and verified.",
        "Sisi meterai menjadi {side_pt} poin; yang terbaca dan dapat diperiksa {smallest_pt} "
        "sampai {largest_pt}.",
    ),
    "canvas_differs": Problem(
        422,
        "Canvas differs from the page",
        "The canvas ({canvas} pixels) is not of the shape of page {page} ({page_width_pt} x "
        "{page_height_pt} points). Give the size at which the whole page is shown.",
        "Kanvas ({canvas} piksel) tidak sebangun dengan halaman {page} ({page_width_pt} x "
        "{page_height_pt} poin). Berikan ukuran tampilan seluruh halaman.",
    ),
    "anchor_not_found": Problem(
        422,
        "Text not found",
        "The text “{text}” occurs {found} times; occurrence {occurrence} is not there. A scan has "
        "no text: give a place instead.",
        "Teks “{text}” ditemukan {found} kali; kemunculan ke-{occurrence} tidak ada. Hasil pindai "
        "tidak berisi teks: sebutkan posisinya.",
    ),
    "field_not_found": Problem(
        422,
        "Signature field not found",
        "There is no empty signature field called {field}. There are: {fields}.",
        "Tidak ada kolom tanda tangan kosong bernama {field}. Yang ada: {fields}.",
    ),
    "no_free_space": Problem(
        422,
        "No free space",
        "Page {page} has no free space for a stamp of {side_pt} points that covers nothing.",
        "Halaman {page} tidak punya ruang kosong untuk meterai {side_pt} poin tanpa menutupi isi.",
    ),
    "covers_text": Problem(
        422,
        "Covers text",
        "E-meterai {number} would cover “{covers}” on page {page}. Choose another place, or say "
        "allow_overlap=true.",
        "E-meterai ke-{number} akan menutupi “{covers}” di halaman {page}. Pilih tempat lain, atau "
        "kirim allow_overlap=true.",
    ),
    "covers_stamp": Problem(
        422,
        "Covers another stamp",
        "E-meterai {number} would lie on another e-meterai ({other}) on page {page}.",
        "E-meterai ke-{number} akan menimpa e-meterai lain ({other}) di halaman {page}.",
    ),
    "document_too_complex": Problem(
        422,
        "Document too complex",
        "Reading the PDF takes too much time or memory. Print it to PDF anew and upload that.",
        "PDF terlalu rumit untuk dibaca. Cetak ulang ke PDF lalu unggah hasilnya.",
    ),
    "notice_refused": Problem(
        400,
        "Notice refused",
        "The notice is malformed or its signature does not verify.",
        "Pemberitahuan salah bentuk atau tanda tangannya tidak cocok.",
    ),
    "unavailable": Problem(
        503,
        "Try again",
        "A party we depend on did not answer; nothing was lost. Try again with the same key.",
        "Pihak yang kami perlukan tidak menjawab; tidak ada yang hilang. "
        "Coba lagi dengan kunci yang sama.",
    ),
    "gateway_refused": Problem(
        502,
        "Payment refused",
        "The payment gateway did not take the charge. Nothing was paid; order again.",
        "Gerbang pembayaran menolak tagihan. Tidak ada yang dibayar; silakan pesan lagi.",
    ),
}
