"""Any request, and our own and the gateway's failures."""

from meterai.problems.problem import Problem

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
    "too_many_requests": Problem(
        429,
        "Asked too soon",
        "You ask more often than helps; nothing is lost by waiting, and your place is kept. Ask "
        "again after {retry_after_s} s, as poll_after_ms says.",
        "Anda bertanya terlalu sering; menunggu tidak merugikan, dan urutan Anda tetap. Tanyakan "
        "lagi setelah {retry_after_s} detik, sesuai poll_after_ms.",
    ),
    "webhook_refused": Problem(
        400,
        "WebhookEvent refused",
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
