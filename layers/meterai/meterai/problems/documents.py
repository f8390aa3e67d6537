"""Documents, and where stamps stand on them."""

from meterai.problems.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "document_missing": Problem(
        409,
        "Document missing",
        "The document was not uploaded yet. Ask POST /v1/documents and upload it first.",
        "Dokumen belum diunggah. Panggil POST /v1/documents lalu unggah dahulu.",
    ),
    "document_hash_mismatch": Problem(
        422,
        "Document differs",
        "The uploaded file does not have the SHA-256 that was declared. Upload it again.",
        "Berkas yang diunggah berbeda dari SHA-256 yang dinyatakan. Unggah kembali.",
    ),
    "document_too_large": Problem(
        413,
        "Document too large",
        "The document has {size_bytes} bytes; at most {limit_bytes} are taken.",
        "Dokumen berukuran {size_bytes} bita; paling besar {limit_bytes}.",
    ),
    "not_a_pdf": Problem(
        422,
        "Not a PDF",
        "The file is not a PDF document.",
        "Berkas ini bukan dokumen PDF.",
    ),
    "document_damaged": Problem(
        422,
        "Document damaged",
        "The PDF's structure is damaged. Print it to PDF anew and upload that.",
        "Struktur PDF rusak. Cetak ulang ke PDF lalu unggah hasilnya.",
    ),
    "document_encrypted": Problem(
        422,
        "Document encrypted",
        "The PDF needs a password. Save it without one and upload that.",
        "PDF ini memakai kata sandi. Simpan tanpa kata sandi lalu unggah.",
    ),
    "permission_denied": Problem(
        422,
        "Permissions forbid it",
        "The PDF's permissions forbid signing it. Ask its author for a copy that allows it.",
        "Izin PDF ini melarang penandatanganan. Minta salinan yang mengizinkannya.",
    ),
    "document_certified": Problem(
        422,
        "Document certified",
        "The PDF is certified against changes; an e-meterai would break it. Stamp it before.",
        "PDF ini disertifikasi terhadap perubahan; e-meterai akan merusaknya. Bubuhkan sebelumnya.",
    ),
    "document_locked": Problem(
        422,
        "Document locked",
        "An earlier signature locked the PDF; an e-meterai would break it. Stamp it before.",
        "Tanda tangan sebelumnya mengunci PDF ini; e-meterai akan merusaknya. Bubuhkan sebelumnya.",
    ),
    "form_is_xfa": Problem(
        422,
        "XFA form",
        "The PDF is an XFA form. Print it to PDF and upload that.",
        "PDF ini formulir XFA. Cetak ke PDF lalu unggah hasilnya.",
    ),
    "page_out_of_range": Problem(
        422,
        "Page out of range",
        "The document has {page_count} pages; there is no page {page}.",
        "Dokumen ini {page_count} halaman; tidak ada halaman {page}.",
    ),
    "box_off_page": Problem(
        422,
        "Box off the page",
        "The stamp does not lie on page {page} ({page_width_pt} x {page_height_pt} points).",
        "Meterai tidak seluruhnya di halaman {page} ({page_width_pt} x {page_height_pt} poin).",
    ),
    "stamp_size_refused": Problem(
        422,
        "Size of the stamp",
        "The stamp would have a side of {side_pt} points; {smallest_pt} to {largest_pt} can be "
        "read and verified.",
        "Sisi meterai menjadi {side_pt} poin; yang terbaca dan dapat diperiksa {smallest_pt} "
        "sampai {largest_pt}.",
    ),
    "canvas_differs": Problem(
        422,
        "Canvas differs from the page",
        "The canvas ({canvas} pixels) is not of the shape of page {page} ({page_width_pt} x "
        "{page_height_pt} points). Give the size at which the whole page is shown.",
        "Kanvas ({canvas} piksel) tidak sebangun dengan halaman {page} ({page_width_pt} x "
        "{page_height_pt} poin). Berikan ukuran tampilan seluruh halaman.",
    ),
    "anchor_not_found": Problem(
        422,
        "Text not found",
        "The text “{text}” occurs {found} times; occurrence {occurrence} is not there. A scan has "
        "no text: give a place instead.",
        "Teks “{text}” ditemukan {found} kali; kemunculan ke-{occurrence} tidak ada. Hasil pindai "
        "tidak berisi teks: sebutkan posisinya.",
    ),
    "field_not_found": Problem(
        422,
        "Signature field not found",
        "There is no empty signature field called {field}. There are: {fields}.",
        "Tidak ada kolom tanda tangan kosong bernama {field}. Yang ada: {fields}.",
    ),
    "no_free_space": Problem(
        422,
        "No free space",
        "Page {page} has no free space for a stamp of {side_pt} points that covers nothing.",
        "Halaman {page} tidak punya ruang kosong untuk meterai {side_pt} poin tanpa menutupi isi.",
    ),
    "covers_text": Problem(
        422,
        "Covers text",
        "E-meterai {number} would cover “{covers}” on page {page}. Choose another place, or say "
        "allow_overlap=true.",
        "E-meterai ke-{number} akan menutupi “{covers}” di halaman {page}. Pilih tempat lain, atau "
        "kirim allow_overlap=true.",
    ),
    "covers_stamp": Problem(
        422,
        "Covers another stamp",
        "E-meterai {number} would lie on another e-meterai ({other}) on page {page}.",
        "E-meterai ke-{number} akan menimpa e-meterai lain ({other}) di halaman {page}.",
    ),
    "document_too_complex": Problem(
        422,
        "Document too complex",
        "Reading the PDF takes too much time or memory. Print it to PDF anew and upload that.",
        "PDF terlalu rumit untuk dibaca. Cetak ulang ke PDF lalu unggah hasilnya.",
    ),
}
