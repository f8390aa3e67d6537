"""Findings as people read them: one table from code to a sentence.

The sentences of findings that are no refusal hold no values, so that a code alone can be stored and
shown later. A refusal has the sentence of its problem.
"""

from meterai.domain.stamping.preflight import Finding
from meterai.languages import Language, Text
from meterai.problems import PROBLEMS

MESSAGES: dict[str, Text] = {
    "over_portal_limit": Text(
        "Dengan e-meterai, ukuran berkas melebihi batas banyak portal. Perkecil sebelum "
        "ditandatangani atau dibubuhi, jangan sesudahnya.",
        "With its e-meterai the file is larger than many portals accept. Make it smaller before "
        "it is signed or stamped, not afterwards.",
    ),
    "version_below_1_6": Text(
        "Berkas ini PDF versi lama (di bawah 1.6), yang ditolak sebagian portal. Jika perlu, "
        "simpan ulang dari program pembuatnya sebelum ditandatangani atau dibubuhi, jangan "
        "sesudahnya.",
        "The file is an older kind of PDF (before 1.6), which some portals refuse. If yours does, "
        "save it anew from the program that made it before it is signed or stamped, not "
        "afterwards.",
    ),
    "page_not_a4": Text(
        "Tidak semua halaman berukuran A4, yang diminta sebagian portal.",
        "Not every page is A4, which some portals ask for.",
    ),
    "encryption_without_password": Text(
        "Berkas ini terenkripsi walaupun dapat dibuka tanpa kata sandi; sebagian portal "
        "menolaknya.",
        "The file is encrypted, although it opens without a password; some portals refuse that.",
    ),
    "javascript": Text(
        "Berkas ini memuat program (JavaScript), yang ditolak sebagian portal.",
        "The file contains a program (JavaScript), which some portals refuse.",
    ),
    "launch_action": Text(
        "Berkas ini dapat menjalankan program atau membuka berkas lain; sebagian portal "
        "menolaknya.",
        "The file can start another program or open another file; some portals refuse that.",
    ),
    "embedded_files": Text(
        "Ada berkas lain terlampir di dalam berkas ini. Lampiran tidak ikut dibubuhi, dan sebagian "
        "portal menolaknya.",
        "Other files are attached inside this one. They are not stamped, and some portals refuse "
        "them.",
    ),
    "portfolio": Text(
        "Berkas ini portofolio PDF: e-meterai hanya dibubuhkan pada halaman sampulnya, tidak pada "
        "surat di dalamnya. Simpan surat itu sebagai berkas tersendiri, lalu unggah.",
        "The file is a PDF portfolio: the e-meterai would be put on its cover page only, not on "
        "the letters inside. Save the letter as a file of its own and upload that.",
    ),
    "reader_extended": Text(
        "Formulir ini memakai hak khusus Adobe Reader (Reader Extensions). Setelah dibubuhi, "
        "aplikasi pembaca dapat memperingatkan bahwa hak itu berakhir; e-meterainya tetap berlaku.",
        "The form has extended features for Adobe Reader. Once it is stamped, readers may warn "
        "that these features have ended; the e-meterai is valid all the same.",
    ),
    "opens_other_file": Text(
        "Berkas ini dapat membuka berkas lain atau lampirannya, yang tidak ikut dibubuhi; sebagian "
        "portal menolaknya.",
        "The file can open another file or one attached to it, which is not stamped; some portals "
        "refuse that.",
    ),
    "exchanges_form_data": Text(
        "Berkas ini dapat mengirim isian formulirnya atau memuat isian dari luar; sebagian portal "
        "menolaknya.",
        "The file can send what is filled into its form, or load values from elsewhere; some "
        "portals refuse that.",
    ),
    "rich_media": Text(
        "Berkas ini memuat video, suara, atau benda 3D, yang ditolak sebagian portal.",
        "The file contains video, sound or 3D objects, which some portals refuse.",
    ),
    "surprising_link": Text(
        "Berkas ini membuka alamat internet dengan cara yang tidak terlihat: saat dibuka, di mana "
        "pun halaman ditekan, atau dengan alamat yang bukan situs web. Hapus tautan itu sebelum "
        "ditandatangani atau dibubuhi.",
        "The file opens an internet address where a person does not expect it: when it is opened, "
        "wherever a page is pressed, or with an address that is no web site. Remove that link "
        "before it is signed or stamped.",
    ),
    "pictured_emeterai": Text(
        "Di halaman berkas ini ada gambar e-meterai. Gambar bukan e-meterai dan tidak membuktikan "
        "apa pun; portal dapat menganggapnya palsu. Hapus gambar itu, atau pakai berkas aslinya.",
        "A page of the file shows a picture of an e-meterai. A picture is no e-meterai and proves "
        "nothing; a portal may take it for a forgery. Remove it, or use the original file.",
    ),
    "changed_emeterai": Text(
        "E-meterai di berkas ini tidak cocok lagi dengan isinya: berkasnya diubah atau tertutup "
        "sesudah dibubuhi. Jika diterbitkan di sini, berkas ini tidak dapat dibubuhi lagi; unduh "
        "ulang berkas yang sudah dibubuhi, lalu unggah tanpa diubah.",
        "An e-meterai on this file no longer fits it: the file was changed or covered after it was "
        "stamped. If it was issued here, the file cannot be stamped again: download the stamped "
        "file once more and upload it unchanged.",
    ),
    "field_stays_empty": Text(
        "Kolom tanda tangan itu punya aturan sendiri, sehingga e-meterai dibubuhkan di atasnya dan "
        "kolomnya tetap kosong; aplikasi pembaca PDF dapat tetap memintanya ditandatangani.",
        "That signature field has rules of its own, so the e-meterai is put over it and the field "
        "stays empty; PDF readers may go on asking for its signature.",
    ),
    "fields_drawn_by_reader": Text(
        "Isian formulir digambar oleh aplikasi pembaca PDF; setelah dibubuhi tampil seperti saat "
        "terakhir disimpan. Periksa dahulu.",
        "The PDF reader draws this form's fields; once stamped they show what was last saved. "
        "Check them first.",
    ),
    "hybrid_references": Text(
        "Berkas ini memakai cara lama dan baru sekaligus untuk mendaftar bagiannya; tetap dapat "
        "dibubuhi.",
        "The file lists its parts in an old and a new way at once; it can still be stamped.",
    ),
}


def message(finding: Finding, language: Language) -> str:
    """About this one."""
    if finding.code in MESSAGES:
        return MESSAGES[finding.code].in_language(language)
    return PROBLEMS[finding.code].sentence(finding.values, language)
