"""Findings as people read them: one table from code to a sentence.

The sentences of findings that are no refusal hold no values, so that a code alone can be stored and
shown later. A refusal has the sentence of its problem.
"""

from meterai.domain.stamping.preflight import Finding
from meterai.languages import Language, Text
from meterai.problems import PROBLEMS

MESSAGES: dict[str, Text] = {
    "over_portal_limit": Text(
        "Dengan e-meterai, ukuran berkas melebihi batas banyak portal. Perkecil sebelum dibubuhi, "
        "jangan sesudahnya.",
        "With its e-meterai the file is larger than many portals accept. Make it smaller before "
        "it is stamped, not afterwards.",
    ),
    "version_below_1_6": Text(
        "Berkas ini PDF versi lama (di bawah 1.6), yang ditolak sebagian portal. Jika perlu, cetak "
        "ulang ke PDF sebelum dibubuhi.",
        "The file is an older kind of PDF (before 1.6), which some portals refuse. If yours does, "
        "print it to a new PDF before it is stamped.",
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
        "Ada berkas lain terlampir di dalam berkas ini, yang ditolak sebagian portal.",
        "Other files are attached inside this one, which some portals refuse.",
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
