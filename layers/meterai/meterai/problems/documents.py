"""Documents, and where e-meterai are placed on them."""

from meterai.languages import Text
from meterai.problems.problem import Problem

_SIGNED_AND_CHANGED = Text(
    "Berkas ini tidak lengkap atau berubah di perjalanan, dan memuat tanda tangan. Jangan dicetak "
    "ulang: tanda tangannya hilang. Minta kembali berkas aslinya, lalu unggah tanpa diubah.",
    "The file is incomplete or was changed on its way, and it bears a signature. Do not print it "
    "anew, which would destroy that. Get the original file again and upload it unchanged.",
)
_STAMPED_AND_CHANGED = Text(
    "Berkas ini tidak lengkap atau berubah di perjalanan, dan sudah memuat e-meterai. Jangan "
    "dicetak ulang: e-meterainya hilang. Unduh kembali berkas yang sudah dibubuhi, sampai selesai.",
    "The file is incomplete or was changed on its way, and it already bears an e-meterai. Do not "
    "print it anew, which would destroy that. Fetch the download again, until it is complete.",
)
# It may also have been made so: then there is nothing better to get.
_SIGNED_AND_DAMAGED = Text(
    f"{_SIGNED_AND_CHANGED.id} Jika itu pun ditolak, pilih halaman lain, atau minta berkas "
    "baru kepada penandatangannya.",
    f"{_SIGNED_AND_CHANGED.en} If that is refused too, choose another page, or ask its signer "
    "for a new file.",
)
_STAMPED_AND_DAMAGED = Text(
    f"{_STAMPED_AND_CHANGED.id} Jika itu pun ditolak, pilih halaman lain.",
    f"{_STAMPED_AND_CHANGED.en} If that is refused too, choose another page.",
)

PROBLEMS: dict[str, Problem] = {
    "document_missing": Problem(
        409,
        Text("Dokumen belum diunggah", "Document not uploaded"),
        Text(
            "Dokumen ini belum diunggah. Minta alamat unggah lewat POST /v1/documents, lalu "
            "unggah berkasnya.",
            "This document was not uploaded yet. Ask POST /v1/documents where to upload it, then "
            "upload the file.",
        ),
    ),
    "too_many_documents": Problem(
        422,
        Text("Terlalu banyak dokumen", "Too many documents"),
        Text(
            "Satu pengajuan memuat paling banyak {max_documents} dokumen. Selesaikan yang ini, "
            "lalu buat pengajuan baru untuk dokumen lainnya.",
            "An application holds at most {max_documents} documents. Finish this one, then begin "
            "another for the other documents.",
        ),
    ),
    "draft_ordered": Problem(
        409,
        Text("Pengajuan ini sudah dipesan", "This application is ordered"),
        Text(
            "Dokumennya tidak dapat diubah lagi. Jika belum dibayar, batalkan pesanannya di "
            "halaman pembayaran, lalu ubah. Jika sudah dibayar, buat pengajuan baru.",
            "Its documents can no longer be changed. If it is not paid yet, cancel the order on "
            "the payment page, then make the change. If it is paid, begin a new application.",
        ),
    ),
    "draft_changed": Problem(
        409,
        Text("Pengajuan ini baru saja berubah", "This application has just changed"),
        Text(
            "Isinya berubah di tab atau ponsel lain. Belum ada yang dibayar. Periksa lagi, lalu "
            "lanjutkan.",
            "It was changed in another tab or on another phone. Nothing is paid. Check it again, "
            "then go on.",
        ),
    ),
    "document_hash_mismatch": Problem(
        422,
        Text("Berkas tidak sama", "File does not match"),
        Text(
            "SHA-256 berkas yang diunggah tidak sama dengan yang dinyatakan. Unggah kembali.",
            "The SHA-256 of the uploaded file is not the one that was declared. Upload it again.",
        ),
    ),
    "document_too_large": Problem(
        413,
        Text("Dokumen terlalu besar", "Document too large"),
        Text(
            "Ukuran dokumen {size_bytes} byte; batasnya {limit_bytes} byte. Jika belum "
            "ditandatangani atau dibubuhi, perkecil dahulu, lalu unggah.",
            "The document has {size_bytes} bytes; the limit is {limit_bytes}. If it is neither "
            "signed nor stamped yet, make it smaller and upload it.",
        ),
    ),
    "not_a_pdf": Problem(
        422,
        Text("Bukan PDF", "Not a PDF"),
        Text(
            "Berkas ini bukan PDF. Simpan dokumen sebagai PDF, lalu unggah.",
            "This file is not a PDF. Save the document as a PDF and upload that.",
        ),
        of_signed=_SIGNED_AND_CHANGED,
        of_stamped=_STAMPED_AND_CHANGED,
    ),
    "document_damaged": Problem(
        422,
        Text("PDF rusak", "PDF damaged"),
        Text(
            "PDF ini rusak dan tidak dapat dibaca dengan benar. Cetak ulang ke PDF, lalu unggah "
            "hasilnya.",
            "The PDF is damaged and cannot be read correctly. Print it to a new PDF and upload "
            "that.",
        ),
        of_signed=_SIGNED_AND_DAMAGED,
        of_stamped=_STAMPED_AND_DAMAGED,
    ),
    "document_ambiguous": Problem(
        422,
        Text("PDF dapat dibaca dengan dua cara", "PDF can be read in two ways"),
        Text(
            "PDF ini menyebut hal yang sama dua kali dengan isi yang berbeda, sehingga aplikasi "
            "pembaca dapat menampilkan halaman yang berbeda. Buat ulang PDF dari dokumen aslinya, "
            "atau minta berkas baru dari pembuatnya, lalu unggah.",
            "The PDF says the same thing twice with different contents, so that readers may show "
            "different pages. Make the PDF anew from its source, or ask its author for a new one, "
            "and upload that.",
        ),
        of_signed=Text(
            "PDF ini menyebut hal yang sama dua kali dengan isi yang berbeda, sehingga aplikasi "
            "pembaca dapat menampilkan halaman yang berbeda, dan memuat tanda tangan. Minta "
            "berkas aslinya dari penanda tangan, lalu unggah tanpa diubah.",
            "The PDF says the same thing twice with different contents, so that readers may show "
            "different pages, and it bears a signature. Get the original file from its signer "
            "and upload it unchanged.",
        ),
        of_stamped=Text(
            "PDF ini menyebut hal yang sama dua kali dengan isi yang berbeda, sehingga aplikasi "
            "pembaca dapat menampilkan halaman yang berbeda, dan sudah memuat e-meterai. Unduh "
            "kembali berkas yang sudah dibubuhi.",
            "The PDF says the same thing twice with different contents, so that readers may show "
            "different pages, and it already bears an e-meterai. Fetch the download again.",
        ),
    ),
    "fields_not_drawn": Problem(
        422,
        Text("Isian formulir belum tergambar", "Form values not drawn"),
        Text(
            "Isian formulir di PDF ini hanya digambar oleh aplikasi pembaca, dan akan hilang atau "
            "berubah setelah dibubuhi. Buka, isi dan simpan formulir di aplikasi pembaca PDF, lalu "
            "unggah hasilnya.",
            "The values in this PDF's form are drawn by the reader only, and would vanish or "
            "change once it is stamped. Open, fill in and save the form in a PDF reader, and "
            "upload that.",
        ),
        of_signed=Text(
            "Isian formulir di PDF ini hanya digambar oleh aplikasi pembaca, dan akan hilang atau "
            "berubah setelah dibubuhi. PDF ini memuat tanda tangan: minta penanda tangan "
            "menyimpan formulirnya di aplikasi pembaca PDF, lalu menandatanganinya kembali.",
            "The values in this PDF's form are drawn by the reader only, and would vanish or "
            "change once it is stamped. The PDF bears a signature: ask its signer to save the "
            "form in a PDF reader, and to sign it again.",
        ),
        of_stamped=Text(
            "Isian formulir di PDF ini hanya digambar oleh aplikasi pembaca, dan akan hilang atau "
            "berubah setelah dibubuhi. PDF ini sudah memuat e-meterai, yang hilang jika disimpan "
            "ulang. Unduh kembali berkas yang sudah dibubuhi, lalu unggah tanpa diubah.",
            "The values in this PDF's form are drawn by the reader only, and would vanish or "
            "change once it is stamped. The PDF already bears an e-meterai, which saving it anew "
            "would destroy. Fetch the download again and upload it unchanged.",
        ),
    ),
    "document_encrypted": Problem(
        422,
        Text("PDF memakai kata sandi", "PDF needs a password"),
        Text(
            "PDF ini memakai kata sandi. Simpan tanpa kata sandi, lalu unggah.",
            "The PDF needs a password to open. Save it without one and upload that.",
        ),
        of_signed=Text(
            "PDF ini memakai kata sandi dan memuat tanda tangan, yang hilang jika disimpan tanpa "
            "kata sandi. Minta berkas tanpa kata sandi kepada penandatangannya.",
            "The PDF needs a password to open, and it bears a signature, which would be lost if "
            "it were saved without one. Ask its signer for a file without a password.",
        ),
        of_stamped=Text(
            "PDF ini memakai kata sandi dan memuat e-meterai, yang hilang jika disimpan tanpa kata "
            "sandi. Jangan simpan ulang; pakai berkas ini apa adanya.",
            "The PDF needs a password to open, and it bears an e-meterai, which would be lost if "
            "it were saved without one. Do not save it anew; use the file as it is.",
        ),
    ),
    "permission_denied": Problem(
        422,
        Text("Izin PDF melarang penandatanganan", "PDF permissions forbid signing"),
        Text(
            "Izin di PDF ini melarang penandatanganan. Minta salinan yang mengizinkannya dari "
            "pembuat dokumen.",
            "The PDF's permissions forbid signing it. Ask its author for a copy that allows it.",
        ),
    ),
    "document_certified": Problem(
        422,
        Text("PDF dikunci oleh sertifikasi", "PDF certified against changes"),
        Text(
            "PDF ini disertifikasi agar tidak diubah; membubuhkan e-meterai akan merusak "
            "sertifikasinya. Bubuhkan e-meterai sebelum dokumen disertifikasi.",
            "The PDF is certified against changes, and an e-meterai would break that. Stamp the "
            "document before it is certified.",
        ),
    ),
    "document_locked": Problem(
        422,
        Text("PDF dikunci tanda tangan", "PDF locked by a signature"),
        Text(
            "Tanda tangan di PDF ini mengunci isinya; membubuhkan e-meterai akan merusak tanda "
            "tangan itu. Bubuhkan e-meterai sebelum dokumen ditandatangani.",
            "A signature has locked this PDF, and an e-meterai would break that signature. Stamp "
            "the document before it is signed.",
        ),
    ),
    "form_is_xfa": Problem(
        422,
        Text("Formulir XFA", "XFA form"),
        Text(
            "PDF ini formulir XFA, yang tidak dapat dibubuhi. Cetak ke PDF, lalu unggah hasilnya.",
            "The PDF is an XFA form, which cannot be stamped. Print it to PDF and upload that.",
        ),
        of_signed=Text(
            "PDF ini formulir XFA, yang tidak dapat dibubuhi, dan memuat tanda tangan. Jangan "
            "dicetak ulang: tanda tangannya hilang. Minta PDF biasa kepada penandatangannya.",
            "The PDF is an XFA form, which cannot be stamped, and it bears a signature. Do not "
            "print it anew, which would destroy that. Ask its signer for an ordinary PDF.",
        ),
        of_stamped=Text(
            "PDF ini formulir XFA, yang tidak dapat dibubuhi lagi, dan sudah memuat e-meterai. "
            "Jangan dicetak ulang: e-meterainya hilang. Pakai berkas ini apa adanya.",
            "The PDF is an XFA form, which cannot be stamped again, and it already bears an "
            "e-meterai. Do not print it anew, which would destroy that. Use the file as it is.",
        ),
    ),
    "earlier_emeterai_broken": Problem(
        422,
        Text("E-meterai yang ada sudah rusak", "An earlier e-meterai is broken"),
        Text(
            "E-meterai {serial} di berkas ini tidak berlaku lagi: berkasnya diubah atau tertutup "
            "sesudah dibubuhi. Unduh kembali berkas yang sudah dibubuhi itu, lalu unggah tanpa "
            "diubah.",
            "The e-meterai {serial} on this file no longer holds: the file was changed or "
            "covered after it was stamped. Fetch that stamped file again and upload it unchanged.",
        ),
    ),
    "page_out_of_range": Problem(
        422,
        Text("Halaman tidak ada", "Page out of range"),
        Text(
            "Dokumen ini {page_count} halaman; tidak ada halaman {page}.",
            "The document has {page_count} pages; there is no page {page}.",
        ),
    ),
    "box_off_page": Problem(
        422,
        Text("E-meterai keluar dari halaman", "E-meterai off the page"),
        Text(
            "E-meterai tidak seluruhnya berada di halaman {page}, yang berukuran "
            "{page_width_pt} x {page_height_pt} poin. Geser ke dalam halaman.",
            "The e-meterai does not lie wholly on page {page}, which is {page_width_pt} x "
            "{page_height_pt} points. Move it onto the page.",
        ),
    ),
    "stamp_size_refused": Problem(
        422,
        Text("Ukuran e-meterai tidak sesuai", "E-meterai too small or too large"),
        Text(
            "Sisi e-meterai menjadi {side_pt} poin. Agar terbaca dan dapat diperiksa, sisinya "
            "harus {min_side_pt} sampai {max_side_pt} poin.",
            "The side of the e-meterai would be {side_pt} points. To be read and verified it must "
            "be {min_side_pt} to {max_side_pt} points.",
        ),
    ),
    "canvas_mismatch": Problem(
        422,
        Text("Bentuk kanvas tidak sama dengan halaman", "Canvas and page differ in shape"),
        Text(
            "Kanvas ({canvas} piksel) tidak sebangun dengan halaman {page} ({page_width_pt} x "
            "{page_height_pt} poin). Kirim ukuran kanvas yang menampilkan seluruh halaman.",
            "The canvas ({canvas} pixels) has not the shape of page {page} ({page_width_pt} x "
            "{page_height_pt} points). Send the size at which the whole page is shown.",
        ),
    ),
    "anchor_not_found": Problem(
        422,
        Text("Teks tidak ditemukan", "Text not found"),
        Text(
            "Teks “{text}” ada {found} kali di dokumen; kemunculan ke-{occurrence} tidak ada. "
            "Hasil pindai tidak berisi teks: tentukan posisinya dengan cara lain.",
            "The text “{text}” occurs {found} times; there is no occurrence {occurrence}. A scan "
            "contains no text: choose the position in another way.",
        ),
    ),
    "field_not_found": Problem(
        422,
        Text("Kolom tanda tangan tidak ditemukan", "Signature field not found"),
        Text(
            "Tidak ada kolom tanda tangan kosong bernama {field}. Yang ada: {fields}.",
            "There is no empty signature field called {field}. There are: {fields}.",
        ),
    ),
    "no_free_space": Problem(
        422,
        Text("Tidak ada ruang kosong", "No free space"),
        Text(
            "Halaman {page} tidak punya ruang kosong untuk e-meterai bersisi {side_pt} poin. "
            "Pilih halaman lain, ukuran yang lebih kecil, atau tentukan posisinya.",
            "Page {page} has no free space for an e-meterai of {side_pt} points. Choose another "
            "page or a smaller size, or choose the position yourself.",
        ),
    ),
    "covers_text": Problem(
        422,
        Text("Menutupi teks", "Text would be covered"),
        Text(
            "E-meterai ke-{number} akan menutupi “{covers}” di halaman {page}. Pilih tempat lain, "
            "atau kirim allow_overlap=true.",
            "E-meterai {number} would cover “{covers}” on page {page}. Choose another place, or "
            "send allow_overlap=true.",
        ),
    ),
    "covers_stamp": Problem(
        422,
        Text("Menimpa e-meterai lain", "Another e-meterai would be covered"),
        Text(
            "E-meterai ke-{number} akan menimpa e-meterai lain ({other}) di halaman {page}. Pilih "
            "tempat lain.",
            "E-meterai {number} would lie on another e-meterai ({other}) on page {page}. Choose "
            "another place.",
        ),
    ),
    "document_too_complex": Problem(
        422,
        Text("PDF terlalu rumit", "PDF too complex"),
        Text(
            "PDF ini terlalu rumit untuk dibaca. Cetak ulang ke PDF, lalu unggah hasilnya.",
            "The PDF is too complex to read. Print it to a new PDF and upload that.",
        ),
        of_signed=Text(
            "PDF ini terlalu rumit untuk dibaca, dan memuat tanda tangan. Jangan dicetak ulang: "
            "tanda tangannya hilang. Minta PDF yang lebih sederhana kepada penandatangannya.",
            "The PDF is too complex to read, and it bears a signature. Do not print it anew, which "
            "would destroy that. Ask its signer for a simpler PDF.",
        ),
        of_stamped=Text(
            "PDF ini terlalu rumit untuk dibaca, dan sudah memuat e-meterai. Jangan dicetak ulang: "
            "e-meterainya hilang. Unduh kembali berkas aslinya dari tempat Anda membubuhkannya.",
            "The PDF is too complex to read, and it already bears an e-meterai. Do not print it "
            "anew, which would destroy that. Fetch the file again from where it was stamped.",
        ),
    ),
}
