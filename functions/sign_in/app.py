"""Signs people in on the pages, and out. The only function that makes a session."""

from meterai.container import container
from meterai.pages.site import Site
from meterai.pages.views import sign_in

site = Site(container)
site.page("/masuk", sign_in.begin)
site.page("/masuk/kembali", sign_in.come_back)
site.page("/keluar", sign_in.ask, form=sign_in.sign_out)

handler = site.handler
