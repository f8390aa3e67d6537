"""Verdicts as people read them: what a file is found to be, and what to do about it."""

from meterai.domain.stamping.later_changes import ChangeKind
from meterai.domain.stamping.verdicts import Cause, Verdict
from meterai.languages import Language, Text

_ASK_AGAIN_ID = (
    "Minta pemiliknya mengunduh ulang berkas yang dibubuhi dan mengirimkannya tanpa diubah."
)
_ASK_AGAIN_EN = "Ask its owner to download the stamped file again and to send it unchanged."
_VERIFY_ID = (
    "Jika tanda tangan yang ditambahkan itu penting bagi Anda, periksa dengan aplikasi pembaca PDF."
)
_VERIFY_EN = "If an added signature matters to you, verify it with a PDF reader."
_ALONE_ID = "Untuk itu saja tidak ada yang perlu dilakukan."
_ALONE_EN = "For that alone nothing needs to be done."
_RELY_ID = "Jangan mengandalkan apa yang ditampilkan berkas ini."
_RELY_EN = "Do not rely on what the file shows."

VERDICTS: dict[tuple[Verdict, str | None], Text] = {
    (Verdict.GENUINE, None): Text(
        "Asli: persis seperti yang diterbitkan. Tidak ada yang perlu dilakukan.",
        "Genuine: exactly as it was issued. Nothing needs to be done.",
    ),
    (Verdict.EXTENDED, None): Text(
        "Asli: sesudah diterbitkan hanya ditambahkan tanda tangan, cap waktu, atau data validasi, "
        f"yang tidak menutupi apa pun. {_VERIFY_ID}",
        "Genuine: after it was issued only signatures, timestamps or validation data were added, "
        f"which cover nothing. {_VERIFY_EN}",
    ),
    (Verdict.COVERED, None): Text(
        "Berkas yang diterbitkan masih utuh di dalamnya, tetapi tambahan sesudahnya menutupi atau "
        f"mengubah tampilannya. {_ASK_AGAIN_ID}",
        "The file as issued is still in it, but what was added later covers or changes what it "
        f"shows. {_ASK_AGAIN_EN}",
    ),
    (Verdict.COVERED, Cause.FILLED): Text(
        "Berkas yang diterbitkan masih utuh di dalamnya, tetapi isian formulir diubah sesudahnya. "
        f"{_ASK_AGAIN_ID}",
        f"The file as issued is still in it, but a form field was filled in later. {_ASK_AGAIN_EN}",
    ),
    (Verdict.COVERED, Cause.NOT_COMPARED): Text(
        "Berkas yang diterbitkan masih utuh di dalamnya, tetapi tambahan sesudahnya terlalu banyak "
        f"untuk dibandingkan. {_ASK_AGAIN_ID}",
        "The file as issued is still in it, but what was added later is too much to compare. "
        f"{_ASK_AGAIN_EN}",
    ),
    (Verdict.ALTERED, None): Text(
        f"Berkas diubah sesudah diterbitkan. Jangan diterima. {_ASK_AGAIN_ID}",
        f"The file was changed after it was issued. Do not accept it. {_ASK_AGAIN_EN}",
    ),
    (Verdict.ALTERED, Cause.REWRITTEN): Text(
        "Berkas disimpan ulang oleh program lain (dikompres, digabung, atau dikonversi), sehingga "
        f"berkas yang diterbitkan tidak ada lagi di dalamnya. E-meterai tidak hilang. "
        f"{_ASK_AGAIN_ID}",
        "Another program saved the file anew (compressed, merged or converted it), so that the "
        f"file as issued is no longer in it. The e-meterai is not lost. {_ASK_AGAIN_EN}",
    ),
    (Verdict.ALTERED, Cause.INCOMPLETE): Text(
        "Sebagian dari berkas yang diterbitkan tidak ada, misalnya karena unduhan terputus. "
        f"E-meterai tidak hilang. {_ASK_AGAIN_ID}",
        "Part of the file as issued is missing, as after an interrupted download. The e-meterai "
        f"is not lost. {_ASK_AGAIN_EN}",
    ),
    (Verdict.COPY, None): Text(
        "Hanya gambar atau kode QR e-meterai, tanpa tanda tangan elektroniknya. Ini tidak "
        "membuktikan apa pun. Minta berkas aslinya.",
        "Only the picture or QR code of an e-meterai, without its signature. That proves nothing. "
        "Ask for the original file.",
    ),
    (Verdict.WITHDRAWN, None): Text(
        "Nomor seri e-meterai ini sudah dibatalkan. Jangan diterima. Operator diberi tahu.",
        "The serial of this e-meterai was voided. Do not accept it. The operator is alerted.",
    ),
    (Verdict.UNRECORDED, None): Text(
        "Ditandatangani dengan sertifikat kami, tetapi tidak tercatat. Jangan diterima. Operator "
        "diberi tahu.",
        "Signed with our certificate, but not on record. Do not accept it. The operator is "
        "alerted.",
    ),
    (Verdict.FOREIGN, None): Text(
        "Bertanda tangan pihak lain; tidak ada e-meterai dari sistem ini. Periksa pada "
        "penerbitnya.",
        "Signed by others; there is no e-meterai of this system. Ask the signer.",
    ),
    (Verdict.NOT_STAMPED, None): Text(
        "Tidak ada e-meterai dan tidak ada tanda tangan di berkas ini. Jika seharusnya ada, minta "
        "pemiliknya mengirimkan berkas yang diunduh setelah dibubuhi.",
        "There is no e-meterai and no signature in this file. If there should be one, ask its "
        "owner for the file as it was downloaded after stamping.",
    ),
    (Verdict.UNREADABLE, None): Text(
        "Berkas tidak dapat dibaca, dan berkas yang kami terbitkan tidak ditemukan di dalamnya. "
        "Jika berasal dari sini, unduh ulang berkas yang dibubuhi; jangan dicetak atau disimpan "
        "ulang.",
        "The file cannot be read, and no file that we issued is found in it. If it comes from "
        "here, download the stamped file again; do not print it or save it anew.",
    ),
}
CHANGES: dict[ChangeKind, Text] = {
    ChangeKind.SIGNATURE: Text(
        f"Tanda tangan ditambahkan. {_VERIFY_ID}", f"A signature was added. {_VERIFY_EN}"
    ),
    ChangeKind.TIMESTAMP: Text(
        f"Cap waktu ditambahkan. {_ALONE_ID}",
        f"A timestamp was added. {_ALONE_EN}",
    ),
    ChangeKind.VALIDATION_DATA: Text(
        f"Data validasi tanda tangan ditambahkan. {_ALONE_ID}",
        f"Validation data of signatures were added. {_ALONE_EN}",
    ),
    ChangeKind.UNREADABLE_DATA: Text(
        "Data validasi yang ditambahkan ini tidak dapat dibaca, jadi tidak membuktikan apa pun "
        "tentang tanda tangan mana pun. E-meterai tidak terpengaruh. Jika tanda tangan yang "
        "ditambahkan itu penting bagi Anda, minta penandatangannya melengkapinya lagi.",
        "These added validation data cannot be read, so they prove nothing about any signature. "
        "The e-meterai is not affected. If an added signature matters to you, ask its signer to "
        "complete it again.",
    ),
    ChangeKind.BLANK_BYTES: Text(
        "Spasi kosong ditambahkan di akhir berkas. Ikuti saran pada hasil pemeriksaan.",
        "Blank bytes were added at the end. Follow the advice of the verdict.",
    ),
    ChangeKind.ANNOTATION: Text(
        "Anotasi ditambahkan atau diubah. Jangan mengandalkan apa yang ditampilkan di tempat itu.",
        "An annotation was added or changed. Do not rely on what is shown there.",
    ),
    ChangeKind.FIELD_VALUE: Text(
        "Isian formulir diubah. Jangan mengandalkan isian itu.",
        "A form field was filled in. Do not rely on its value.",
    ),
    ChangeKind.PAGE: Text(
        "Tampilan halaman berubah. Jangan mengandalkan halaman itu.",
        "What a page shows is changed. Do not rely on that page.",
    ),
    ChangeKind.PAGE_TREE: Text(
        f"Halaman ditambahkan, dihapus, atau dipindahkan. {_RELY_ID}",
        f"Pages were added, removed or moved. {_RELY_EN}",
    ),
    ChangeKind.RESOURCES: Text(
        f"Huruf atau gambar yang dipakai halaman diganti. {_RELY_ID}",
        f"Fonts or pictures that pages use were replaced. {_RELY_EN}",
    ),
    ChangeKind.FORM: Text(
        "Formulir diubah. Jangan mengandalkan isiannya.",
        "The form was changed. Do not rely on its values.",
    ),
    ChangeKind.AMBIGUOUS: Text(
        f"Ditambahkan bagian yang dibaca berbeda oleh tiap aplikasi. {_RELY_ID}",
        f"Something was added that readers read differently. {_RELY_EN}",
    ),
    ChangeKind.NOT_COMPARED: Text(
        f"Tambahan ini tidak dapat dibandingkan seluruhnya. {_RELY_ID}",
        f"Not all of it could be compared. {_RELY_EN}",
    ),
    ChangeKind.OTHER: Text(
        f"Bagian lain diubah. {_RELY_ID}", f"Something else was changed. {_RELY_EN}"
    ),
}


def verdict_message(verdict: Verdict, cause: str | None, language: Language) -> str:
    """Of the verdict for this cause, or for any."""
    text = VERDICTS.get((verdict, cause)) or VERDICTS[verdict, None]
    return text.in_language(language)


def change_message(what: ChangeKind, language: Language) -> str:
    return CHANGES[what].in_language(language)
