"""Orders, and what is taken from them."""

from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
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
        "The order has expired, was cancelled or reversed; nothing can be taken from it. "
        "Money that comes for it goes back by itself.",
        "Pesanan sudah kedaluwarsa, dibatalkan, atau ditarik bank; tidak ada yang dapat diambil. "
        "Uang yang masuk kembali dengan sendirinya.",
    ),
    "order_not_paid": Problem(
        409,
        "Order not paid",
        "The order is {state}; only what was paid can be refunded.",
        "Pesanan berstatus {state}; hanya yang sudah dibayar dapat dikembalikan.",
    ),
    "order_paid": Problem(
        409,
        "Order paid",
        "The order is paid and can no longer be cancelled. Ask for a refund of what is unused.",
        "Pesanan sudah dibayar dan tidak dapat dibatalkan lagi. "
        "Mintalah pengembalian untuk yang belum terpakai.",
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
}
