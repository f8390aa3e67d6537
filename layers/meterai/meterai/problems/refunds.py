"""Refunds, and the accounts they go to."""

from meterai.languages import Text
from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "no_account_needed": Problem(
        409,
        Text("Rekening tidak diperlukan", "No account needed"),
        Text(
            "Status pengembalian dana ini: {state}. Anda tidak perlu menyebutkan rekening.",
            "This refund is {state}. You do not need to name an account.",
        ),
    ),
    "claim_link_invalid": Problem(
        422,
        Text("Tautan klaim tidak valid", "Claim link not valid"),
        Text(
            "Tautan ini bukan untuk pengembalian dana ini. Minta tautan baru.",
            "This link does not belong to this refund. Ask for a new one.",
        ),
    ),
    "claim_link_expired": Problem(
        410,
        Text("Tautan klaim kedaluwarsa", "Claim link expired"),
        Text(
            "Tautan ini berlaku sampai {expired_at}. Minta tautan baru.",
            "This link was valid until {expired_at}. Ask for a new one.",
        ),
    ),
    "claim_link_used": Problem(
        409,
        Text("Tautan klaim sudah dipakai", "Claim link already used"),
        Text(
            "Rekening sudah diberikan lewat tautan ini. Satu tautan hanya dapat dipakai sekali.",
            "An account was already given by this link. A link can be used only once.",
        ),
    ),
    "account_unknown": Problem(
        422,
        Text("Rekening tidak ditemukan", "Account not found"),
        Text(
            "Bank ini tidak memiliki nomor rekening tersebut. Periksa nama bank dan nomornya.",
            "The bank has no account with this number. Check the bank and the number.",
        ),
    ),
    "account_name_mismatch": Problem(
        422,
        Text("Nama pemilik rekening tidak cocok", "Account holder's name does not match"),
        Text(
            "Di bank, rekening ini terdaftar atas nama lain. Tulis nama pemilik persis seperti di "
            "buku tabungan atau aplikasi bank.",
            "The bank has this account under another name. Write the holder's name exactly as the "
            "bank shows it.",
        ),
    ),
    "too_many_claim_attempts": Problem(
        429,
        Text("Terlalu banyak percobaan rekening", "Too many accounts tried"),
        Text(
            "Anda sudah mencoba {max_attempts} rekening untuk pengembalian dana ini, dan tidak ada "
            "yang cocok. Coba lagi besok dengan nama persis seperti di bank. Uang Anda tetap aman.",
            "You have tried {max_attempts} accounts for this refund, and none matched. Try again "
            "tomorrow with the name exactly as the bank shows it. Your money is safe.",
        ),
    ),
}
