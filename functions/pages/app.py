"""The pages for people. They call the same steps as the API; `meterai/pages/views` has one module
for each subject."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.container import container
from meterai.pages.site import Site, static_response
from meterai.pages.static_files import is_present, static_file
from meterai.pages.views import mine, start

site = Site(container)


@site.get("/statis/<name>")
def static(name: str) -> Response[str]:
    file = static_file(name)
    if file is None:
        return Response(HTTPStatus.NOT_FOUND, "text/plain", "")
    return static_response(file, for_ever=is_present(name))


site.page("/", start.show)
site.page("/saya", mine.show)

handler = site.handler
