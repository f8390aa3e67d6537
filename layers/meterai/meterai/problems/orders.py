"""Orders, and what is taken from them."""

from meterai.languages import Text
from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "quantity_out_of_range": Problem(
        400,
        Text("Jumlah di luar batas", "Quantity out of range"),
        Text(
            "Satu pesanan berisi 1 sampai {max_quantity} e-meterai, bukan {quantity}.",
            "One order holds 1 to {max_quantity} e-meterai, not {quantity}.",
        ),
    ),
    "too_many_unpaid_orders": Problem(
        429,
        Text("Terlalu banyak pesanan belum dibayar", "Too many unpaid orders"),
        Text(
            "Akun Anda punya {max_orders} pesanan yang belum dibayar; daftarnya ada di "
            "GET /v1/orders. Bayar salah satunya, atau buat pesanan baru setelah {retry_after_s} "
            "detik. Satu pesanan dapat berisi sampai 8 e-meterai.",
            "Your account has {max_orders} unpaid orders; GET /v1/orders lists them. Pay one of "
            "them, or make a new order after {retry_after_s} s. One order can hold up to 8 "
            "e-meterai.",
        ),
    ),
    "portal_unknown": Problem(
        400,
        Text("Portal tidak dikenal", "Unknown portal"),
        Text(
            "Tidak ada portal bernama {portal}. Periksa penulisannya.",
            "There is no portal called {portal}. Check the spelling.",
        ),
    ),
    "charge_refused": Problem(
        502,
        Text("Metode pembayaran ditolak", "Payment method refused"),
        Text(
            "Penyedia pembayaran sedang tidak menerima pembayaran dengan {method}, dan tidak ada "
            "uang yang berpindah. Pesan lagi dengan metode lain ({other_methods}) dan "
            "Idempotency-Key baru.",
            "The payment gateway takes no payment by {method} at the moment, and no money was "
            "moved. Order again with another method ({other_methods}) and a new Idempotency-Key.",
        ),
    ),
    "order_closed": Problem(
        409,
        Text("Pesanan sudah ditutup", "Order closed"),
        Text(
            "Pesanan ini kedaluwarsa, dibatalkan, atau pembayarannya ditarik bank, sehingga "
            "e-meterainya tidak dapat dipakai. Uang yang masih masuk dikembalikan otomatis. "
            "Silakan buat pesanan baru.",
            "This order expired, was cancelled or was reversed by the bank, so its e-meterai "
            "cannot be used. Money that still arrives is refunded automatically. Please make a "
            "new order.",
        ),
    ),
    "order_not_paid": Problem(
        409,
        Text("Pesanan tidak berstatus dibayar", "Order not paid"),
        Text(
            "Status pesanan ini: {state}. Pengembalian dana dan tanda terima hanya ada untuk "
            "pesanan yang sudah dibayar.",
            "This order is {state}. Only a paid order has refunds and receipts.",
        ),
    ),
    "order_paid": Problem(
        409,
        Text("Pesanan sudah dibayar", "Order already paid"),
        Text(
            "Pesanan ini sudah dibayar, jadi tidak dapat dibatalkan. Ajukan pengembalian dana "
            "untuk e-meterai yang belum terpakai.",
            "This order is paid and can no longer be cancelled. Ask for a refund of the e-meterai "
            "that you have not used.",
        ),
    ),
    "no_balance": Problem(
        409,
        Text("E-meterai tidak cukup", "Not enough e-meterai"),
        Text(
            "Anda meminta {wanted} e-meterai; yang belum terpakai di pesanan ini {available}.",
            "You asked for {wanted} e-meterai; this order has {available} left.",
        ),
    ),
    "document_already_stamped": Problem(
        409,
        Text("Dokumen sudah dibubuhi", "Document already stamped"),
        Text(
            "Dokumen ini sudah memakai e-meterai dari pesanan ini. Jika memang perlu satu lagi, "
            "kirim allow_duplicate=true.",
            "This document already has an e-meterai of this order. If you do want another on it, "
            "send allow_duplicate=true.",
        ),
    ),
    "stamping_in_progress": Problem(
        409,
        Text("E-meterai sedang dibubuhkan", "Stamping in progress"),
        Text(
            "E-meterai ini sedang dibubuhkan pada dokumen. Coba lagi satu menit lagi.",
            "The e-meterai is being put on its document right now. Try again in a minute.",
        ),
    ),
}
