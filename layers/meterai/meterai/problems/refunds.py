"""Refunds, and the accounts they go to."""

from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
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
    "too_many_claim_tries": Problem(
        429,
        "Too many accounts named",
        "{most} accounts were named for this refund, and none was its buyer's. Try again tomorrow "
        "with the name as it stands in the account; the money stays where it is.",
        "{most} rekening sudah disebutkan untuk pengembalian ini dan tidak ada yang cocok. Coba "
        "lagi besok dengan nama seperti tercantum pada rekening; uang Anda tetap aman.",
    ),
}
