"""The pages of operators, who sign in at a user pool of their own. Apart from the other pages: what
it may do, no page for the public may."""

from meterai.container import container
from meterai.pages.areas import OF_OPERATORS
from meterai.pages.site import Site
from meterai.pages.views import sign_in, system

site = Site(container, OF_OPERATORS)
site.page("/operator", system.show)
site.page("/operator/masuk", sign_in.begin)
site.page("/operator/masuk/kembali", sign_in.come_back)
site.page("/operator/keluar", sign_in.ask, form=sign_in.sign_out)

handler = site.handler
