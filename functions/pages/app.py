"""The pages for people. They call the same steps as the API; `meterai/pages/views` has one module
for each subject."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.container import container
from meterai.pages.site import Site, static_response
from meterai.pages.static_files import is_present, static_file
from meterai.pages.views import (
    check,
    check_answers,
    document,
    draft,
    drafts,
    files,
    give_back,
    history,
    notifications,
    orders,
    paying,
    performance,
    pictures,
    placing,
    refunds,
    stamped_files,
    start,
    uploads,
    waiting_room,
)

site = Site(container)


@site.get("/statis/<name>")
def static(name: str) -> Response[str]:
    file = static_file(name)
    if file is None:
        return Response(HTTPStatus.NOT_FOUND, "text/plain", "")
    return static_response(file, for_ever=is_present(name))


DRAFT = "/saya/pengajuan/<draft>"
DOCUMENT = f"{DRAFT}/dokumen/<number>"

site.page("/", start.show)
site.page("/periksa", check.ask)
site.public("/kinerja", performance.show)
site.public("/kinerja.json", performance.show_data)
site.page("/saya", history.show)
site.page("/saya/kabar", notifications.show, form=notifications.change)
site.page("/berhenti/<token>", notifications.ask_to_stop, form=notifications.stop)
site.page("/saya/pesanan/<order_id>", orders.show, form=orders.cancel)
site.page("/saya/pesanan/<order_id>/kembalikan", give_back.check, form=give_back.send)
site.page("/saya/pengembalian/<refund_id>", refunds.show, form=refunds.claim)
site.page("/saya/berkas/<stamping_id>", files.download)
site.page("/saya/berkas/<stamping_id>/arsip", files.download_augmented)

site.page(f"{DRAFT}/ringkasan", check_answers.show, form=check_answers.order)
site.page(f"{DRAFT}/antre", waiting_room.show, form=waiting_room.buy)
site.page(f"{DRAFT}/bayar", paying.show, form=paying.act)
site.page(f"{DRAFT}/bayar/gambar", paying.picture)
site.page(f"{DRAFT}/proses", stamped_files.show_progress)
site.page(f"{DRAFT}/berkas", stamped_files.show_files)
site.page("/saya/pengajuan", drafts.show, form=drafts.begin)
site.page(DRAFT, draft.show, form=draft.change)
site.page(f"{DRAFT}/unggahan", uploads.adopt, form=uploads.send)
site.page(DOCUMENT, document.show, form=document.change)
site.page(f"{DOCUMENT}/tempat", placing.show, form=placing.choose)
site.page(f"{DOCUMENT}/gambar", pictures.show)

handler = site.handler
