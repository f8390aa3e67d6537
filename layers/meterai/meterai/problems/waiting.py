"""Waiting: while buying is paused, portals' deadlines, and receipts of the time."""

from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "buying_paused": Problem(
        503,
        "Buying is paused",
        "More people are buying than can be stamped for soon, so buying waits. Whatever is paid is "
        "served, and refunds go on. Take a place by POST /v1/waiting-room/tickets and show "
        "its ticket in Meterai-Ticket when it is your turn; ask again after {retry_after_s} s.",
        "Pembeli lebih banyak daripada yang dapat segera dilayani, jadi pembelian ditunda. Yang "
        "sudah dibayar tetap dilayani, juga pengembalian uang. Ambil nomor antrean lewat POST "
        "/v1/waiting-room/tickets dan sertakan tiketnya di Meterai-Ticket saat giliran Anda; "
        "coba lagi setelah {retry_after_s} detik.",
    ),
    "deadline_past": Problem(
        409,
        "Deadline past",
        "The deadline of {portal} was {deadline_at}; it takes no more files. E-meterai that are "
        "paid for stay available.",
        "Batas waktu {portal} adalah {deadline_at}; berkas tidak diterima lagi. E-meterai yang "
        "sudah dibayar tetap tersedia.",
    ),
    "deadline_out_of_reach": Problem(
        409,
        "Deadline out of reach",
        "What is bought now may be ready as late as {ready_at}; the deadline of {portal} is "
        "{deadline_at}. Nothing was sold.",
        "Yang dibeli sekarang mungkin baru siap {ready_at}; batas waktu {portal} adalah "
        "{deadline_at}. Tidak ada yang dijual.",
    ),
    "deadline_not_ahead": Problem(
        422,
        "Deadline not ahead",
        "A deadline lies ahead, by a year at most; {deadline_at} does not (it is {now}).",
        "Batas waktu harus di depan, paling lama setahun; {deadline_at} tidak (sekarang {now}).",
    ),
    "receipt_over": Problem(
        410,
        "Receipt over",
        "Receipts can be had for a day after {stamping_id} was accepted. The state of the stamping "
        "itself tells when it was asked for and stamped.",
        "Tanda terima dapat diambil selama satu hari setelah {stamping_id} diterima. Status "
        "pembubuhannya sendiri menyebut kapan diminta dan dibubuhkan.",
    ),
    "ticket_invalid": Problem(
        422,
        "Ticket invalid",
        "This ticket was not issued to you. Take a place by POST /v1/waiting-room/tickets: "
        "if you hold one, it is the same.",
        "Tiket ini bukan milik Anda. Ambil nomor antrean lewat POST /v1/waiting-room/tickets: "
        "bila sudah punya, nomornya tetap sama.",
    ),
    "ticket_expired": Problem(
        410,
        "Ticket expired",
        "The turn of this ticket came and its time to buy is over. Take a new place by "
        "POST /v1/waiting-room/tickets.",
        "Giliran tiket ini sudah lewat dan waktu membelinya habis. Ambil nomor antrean baru lewat "
        "POST /v1/waiting-room/tickets.",
    ),
    "ticket_used": Problem(
        409,
        "Ticket used",
        "This ticket was used for an order, or you hold a newer one. For another order take a new "
        "place by POST /v1/waiting-room/tickets.",
        "Tiket ini sudah dipakai untuk pesanan, atau Anda punya yang lebih baru. Untuk pesanan "
        "lain ambil nomor antrean baru lewat POST /v1/waiting-room/tickets.",
    ),
}
