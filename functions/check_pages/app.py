"""The verdicts on files that anybody checks. Apart from the other pages: it may wait for `inspect`,
and is open to a flood."""

from meterai.container import container
from meterai.pages.site import Site
from meterai.pages.views import check_result

site = Site(container)
site.page("/periksa/catatan/<serial>/<sha256>", check_result.show_record)
site.page("/periksa/<check>", check_result.arrive)
site.page("/periksa/<check>/<name>", check_result.show)
site.page("/periksa/<check>/<name>/gambar/<picture>", check_result.draw)

handler = site.handler
