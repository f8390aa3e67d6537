"""Any request, and failures of ours and of the parties we depend on."""

from meterai.languages import Text
from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "malformed_json": Problem(
        400,
        Text("JSON tidak valid", "Malformed JSON"),
        Text(
            "Isi permintaan harus berupa satu objek JSON dalam UTF-8, tanpa nama yang sama dua "
            "kali dalam satu objek.",
            "The request body must be one JSON object in UTF-8, with no name twice in an object.",
        ),
    ),
    "unsupported_media_type": Problem(
        415,
        Text("Jenis konten tidak didukung", "Unsupported media type"),
        Text(
            "Kirim isi permintaan dengan Content-Type: application/json.",
            "Send the request body with Content-Type: application/json.",
        ),
    ),
    "invalid_request": Problem(
        400,
        Text("Permintaan tidak valid", "Invalid request"),
        Text(
            "Ada isian yang kurang, tidak dikenal, atau salah format. Rinciannya ada di `errors`.",
            "Some fields are missing, unknown or in the wrong format. `errors` lists them.",
        ),
    ),
    "body_too_large": Problem(
        413,
        Text("Isi permintaan terlalu besar", "Request body too large"),
        Text(
            "Isi permintaan lebih dari {limit_bytes} byte. Unggah dokumen lewat "
            "POST /v1/documents.",
            "The request body is larger than {limit_bytes} bytes. Upload documents by "
            "POST /v1/documents.",
        ),
    ),
    "internal_error": Problem(
        500,
        Text("Kesalahan sistem", "Internal error"),
        Text(
            "Terjadi kesalahan di sistem kami. Coba lagi dengan Idempotency-Key yang sama; "
            "pesanan tidak akan menjadi ganda.",
            "Something went wrong on our side. Try again with the same Idempotency-Key; nothing "
            "will be done twice.",
        ),
    ),
    "idempotency_key_missing": Problem(
        400,
        Text("Idempotency-Key tidak ada", "Idempotency-Key missing"),
        Text(
            "Sertakan header Idempotency-Key berisi 8 sampai 128 huruf, angka, '-' atau '_'. "
            "Gunakan nilai yang sama setiap kali permintaan ini diulang.",
            "Send an Idempotency-Key header of 8 to 128 letters, digits, '-' or '_'. Use the same "
            "value each time you repeat this request.",
        ),
    ),
    "idempotency_key_malformed": Problem(
        400,
        Text("Idempotency-Key salah format", "Idempotency-Key malformed"),
        Text(
            "Header Idempotency-Key harus berisi 8 sampai 128 huruf, angka, '-' atau '_', dan "
            "hanya boleh dikirim satu kali.",
            "The Idempotency-Key header must have 8 to 128 letters, digits, '-' or '_', and be "
            "sent only once.",
        ),
    ),
    "idempotency_key_reused": Problem(
        422,
        Text("Idempotency-Key sudah dipakai", "Idempotency-Key reused"),
        Text(
            "Idempotency-Key ini sudah dipakai untuk permintaan lain. Gunakan kunci baru.",
            "This Idempotency-Key was already used for a different request. Use a new key.",
        ),
    ),
    "not_found": Problem(
        404,
        Text("Tidak ditemukan", "Not found"),
        Text(
            "Data yang Anda cari tidak ada di akun Anda. Periksa kembali alamat atau nomornya.",
            "There is nothing at this address in your account. Check the address or the number.",
        ),
    ),
    "method_not_allowed": Problem(
        405,
        Text("Metode tidak didukung", "Method not allowed"),
        Text(
            "Alamat ini hanya menerima {allowed}.",
            "This address accepts only {allowed}.",
        ),
    ),
    "wrong_address": Problem(
        421,
        Text("Alamat salah", "Wrong address"),
        Text(
            "Alamat ini tidak dibuka untuk umum. Kirim permintaan yang sama ke https://{host}.",
            "This address is not open to the public. Send the same request to https://{host}.",
        ),
    ),
    "too_many_requests": Problem(
        429,
        Text("Terlalu sering bertanya", "Too many requests"),
        Text(
            "Permintaan Anda terlalu sering. Antrean Anda tidak berubah. Coba lagi setelah "
            "{retry_after_s} detik, sesuai poll_after_ms.",
            "You are asking too often. Your place in the queue does not change. Ask again after "
            "{retry_after_s} s, as poll_after_ms says.",
        ),
    ),
    "webhook_refused": Problem(
        400,
        Text("Webhook ditolak", "Webhook refused"),
        Text(
            "Isi webhook salah format atau tanda tangannya tidak cocok.",
            "The webhook is malformed or its signature does not verify.",
        ),
    ),
    "unavailable": Problem(
        503,
        Text("Sedang tidak tersedia", "Temporarily unavailable"),
        Text(
            "Layanan yang kami perlukan sedang tidak menjawab. Coba lagi sebentar lagi dengan "
            "Idempotency-Key yang sama; pesanan tidak akan menjadi ganda.",
            "A service we depend on is not answering. Try again shortly with the same "
            "Idempotency-Key; nothing will be done twice.",
        ),
    ),
    "gateway_refused": Problem(
        502,
        Text("Ditolak penyedia pembayaran", "Refused by the payment gateway"),
        Text(
            "Penyedia pembayaran menolak permintaan ini, dan tidak ada uang yang berpindah. "
            "Buat permintaan baru dengan Idempotency-Key baru.",
            "The payment gateway refused this request, and no money was moved. Make a new "
            "request with a new Idempotency-Key.",
        ),
    ),
}
