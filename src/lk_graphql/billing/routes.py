"""Downloads of receipts by signed links; access to the bill is checked at each request."""

import secrets

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download, download_unstored
from lk_graphql.api.route_context import RouteContext
from lk_graphql.billing.service.receipts.storage import PATH, receipt_file, verify
from lk_graphql.ports.files import FilesUnavailable
from lk_graphql.ports.pdf import PdfFailed, PdfPoolBusy

log = structlog.stdlib.get_logger("lk_graphql.billing")
_LINK_EXPIRED_TEXT = "Ссылка больше не действует: откройте квитанцию в личном кабинете ещё раз.\n"
_BUSY_TEXT = "Сейчас печатается много квитанций. Попробуйте через несколько секунд.\n"
_FAILED_TEXT = "Квитанция не напечаталась. Если это повторится, сообщите нам код {id}.\n"
_PDF = "application/pdf"


def routes(site: RouteContext) -> list[BaseRoute]:
    async def receipt(request: Request) -> Response:
        state = site.state()
        now = state.clock()
        link = verify(state.ports.signer, request.path_params["link"], now=now)
        if link is None:
            return PlainTextResponse(_LINK_EXPIRED_TEXT, 404)
        try:
            file = await receipt_file(
                link,
                files=state.ports.files,
                pdfs=state.ports.pdfs,
                period_format=state.company.payment_period,
                now=now,
            )
            if file is None:
                return PlainTextResponse(_LINK_EXPIRED_TEXT, 404)
            attachment = Download(file.path, file.name, _PDF, file.digest)
            if file.unstored is not None:
                return download_unstored(request, file.unstored, attachment)
            return await download(request, state.ports.files, attachment)
        except PdfPoolBusy:
            return PlainTextResponse(_BUSY_TEXT, 503, {"retry-after": "5"})
        except (PdfFailed, FilesUnavailable) as failure:
            log_id = secrets.token_hex(6)
            log.exception("a receipt could not be made", log_id=log_id, failure=str(failure))
            return PlainTextResponse(_FAILED_TEXT.format(id=log_id), 503)

    return [Route(f"{PATH}{{link}}", receipt)]
