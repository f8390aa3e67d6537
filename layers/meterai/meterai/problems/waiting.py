"""Waiting: while buying is paused, portals' deadlines, and receipts of the time."""

from meterai.languages import Text
from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "buying_closed": Problem(
        503,
        Text("Pembelian sedang ditutup", "Buying is closed"),
        Text(
            "E-meterai sedang tidak dijual. Pesanan ini tidak dibuat dan tidak ada yang perlu "
            "dibayar. Pesanan yang sudah dibayar dan pengembalian dana tetap diproses. Coba lagi "
            "setelah {retry_after_s} detik.",
            "E-meterai are not sold at the moment. This order was not made and there is nothing "
            "to pay. Paid orders and refunds are still processed. Try again after "
            "{retry_after_s} s.",
        ),
    ),
    "buying_paused": Problem(
        503,
        Text("Pembelian sedang dijeda", "Buying is paused"),
        Text(
            "Pembeli sedang sangat banyak, jadi pembelian dijeda sementara. Pesanan yang sudah "
            "dibayar dan pengembalian dana tetap diproses. Ambil tiket antrean lewat POST "
            "/v1/waiting-room/tickets dan, saat giliran Anda tiba, sertakan di header "
            "Meterai-Ticket. Cek lagi setelah {retry_after_s} detik.",
            "Very many people are buying, so buying is paused for a while. Paid orders and "
            "refunds are still processed. Get a ticket by POST /v1/waiting-room/tickets and, when "
            "it is your turn, send it in the Meterai-Ticket header. Check again after "
            "{retry_after_s} s.",
        ),
    ),
    "deadline_past": Problem(
        409,
        Text("Batas waktu sudah lewat", "Deadline passed"),
        Text(
            "Batas waktu {portal} adalah {deadline_at} dan sudah lewat; berkas tidak diterima "
            "lagi. E-meterai yang sudah dibayar tetap dapat dipakai.",
            "The deadline of {portal} was {deadline_at}; it accepts no more files. E-meterai that "
            "you have paid for can still be used.",
        ),
    ),
    "deadline_out_of_reach": Problem(
        409,
        Text("Batas waktu tidak terkejar", "Deadline cannot be met"),
        Text(
            "E-meterai yang dibeli sekarang mungkin baru selesai dibubuhkan {ready_at}, sedangkan "
            "batas waktu {portal} adalah {deadline_at}. Pesanan tidak dibuat dan tidak ada yang "
            "perlu dibayar.",
            "An e-meterai bought now may not be stamped before {ready_at}, and the deadline of "
            "{portal} is {deadline_at}. No order was made and there is nothing to pay.",
        ),
    ),
    "deadline_out_of_range": Problem(
        422,
        Text("Batas waktu tidak valid", "Deadline not valid"),
        Text(
            "Batas waktu harus setelah sekarang ({now}) dan paling lama setahun lagi; "
            "{deadline_at} tidak memenuhi.",
            "A deadline must be later than now ({now}) and within a year; {deadline_at} is not.",
        ),
    ),
    "receipt_expired": Problem(
        410,
        Text("Tanda terima tidak tersedia lagi", "Receipt no longer available"),
        Text(
            "Tanda terima hanya dapat diambil dalam satu hari setelah pembubuhan diterima. Waktu "
            "permintaan dan waktu dibubuhkan ada di GET /v1/stampings/{stamping_id}.",
            "A receipt is available for one day after the stamping was accepted. GET "
            "/v1/stampings/{stamping_id} shows when it was requested and stamped.",
        ),
    ),
    "ticket_invalid": Problem(
        422,
        Text("Tiket tidak valid", "Ticket not valid"),
        Text(
            "Tiket antrean ini bukan milik akun Anda. Ambil tiket lewat POST "
            "/v1/waiting-room/tickets; jika sudah punya, Anda mendapat tiket yang sama.",
            "This ticket does not belong to your account. Get one by POST "
            "/v1/waiting-room/tickets; if you already hold one, you get the same again.",
        ),
    ),
    "ticket_expired": Problem(
        410,
        Text("Tiket kedaluwarsa", "Ticket expired"),
        Text(
            "Giliran tiket ini sudah lewat. Ambil tiket baru lewat POST /v1/waiting-room/tickets.",
            "The turn of this ticket is over. Get a new one by POST /v1/waiting-room/tickets.",
        ),
    ),
    "ticket_used": Problem(
        409,
        Text("Tiket sudah dipakai", "Ticket already used"),
        Text(
            "Tiket ini sudah dipakai untuk satu pesanan, atau Anda punya tiket yang lebih baru. "
            "Untuk pesanan lain, ambil tiket baru lewat POST /v1/waiting-room/tickets.",
            "This ticket was already used for an order, or you hold a newer one. For another "
            "order, get a new ticket by POST /v1/waiting-room/tickets.",
        ),
    ),
}
