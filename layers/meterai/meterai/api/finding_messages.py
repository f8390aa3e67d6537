"""Findings as people read them: one table from code to a sentence in English and Indonesian.

Sentences about what is no refusal hold no values, so that a code alone can be kept and told again;
those of refusals are the problems' own.
"""

from typing import NamedTuple

from meterai.domain.stamping.preflight import Finding
from meterai.problems import PROBLEMS


class Told(NamedTuple):
    english: str
    indonesian: str


SENTENCES: dict[str, Told] = {
    "over_portal_limit": Told(
        "With its e-meterai the file is larger than portals usually take. Make it smaller before "
        "it is stamped, never afterwards.",
        "Bersama e-meterai, ukuran berkas melebihi batas portal pada umumnya. Perkecil sebelum "
        "dibubuhi, jangan sesudahnya.",
    ),
    "version_below_1_6": Told(
        "The file is an older kind of PDF (before 1.6), which some portals refuse. If yours does, "
        "print it to PDF anew before it is stamped.",
        "Berkas ini PDF versi lama (di bawah 1.6), yang ditolak sebagian portal. Bila perlu, cetak "
        "ulang ke PDF sebelum dibubuhi.",
    ),
    "page_not_a4": Told(
        "Not every page is A4, which some portals ask for.",
        "Tidak semua halaman berukuran A4, yang diminta sebagian portal.",
    ),
    "encryption_without_password": Told(
        "The file is encrypted, though it opens without a password; some portals refuse that.",
        "Berkas ini terenkripsi walaupun terbuka tanpa kata sandi; sebagian portal menolaknya.",
    ),
    "javascript": Told(
        "The file contains a program (JavaScript), which some portals refuse.",
        "Berkas ini memuat program (JavaScript), yang ditolak sebagian portal.",
    ),
    "launch_action": Told(
        "The file can start another program or open another file; some portals refuse that.",
        "Berkas ini dapat menjalankan program atau membuka berkas lain; ditolak sebagian portal.",
    ),
    "embedded_files": Told(
        "Other files are attached inside this one, which some portals refuse.",
        "Ada berkas lain terlampir di dalam berkas ini, yang ditolak sebagian portal.",
    ),
    "fields_drawn_by_reader": Told(
        "The form's fields are left to the reader to draw; once stamped they show as they were "
        "saved. Look at them first.",
        "Isian formulir digambar oleh aplikasi pembaca; setelah dibubuhi tampil seperti saat "
        "disimpan. Periksa dahulu.",
    ),
    "hybrid_references": Told(
        "The file lists its parts in an old and a new way at once; it is stamped all the same.",
        "Berkas ini mendaftar bagiannya dengan cara lama dan baru; tetap dapat dibubuhi.",
    ),
}


def sentences(finding: Finding) -> Told:
    """About this one."""
    if finding.code in SENTENCES:
        return SENTENCES[finding.code]
    problem = PROBLEMS[finding.code]
    return Told(
        problem.english.format(**finding.values), problem.indonesian.format(**finding.values)
    )
