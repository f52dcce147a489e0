"""Downloads of receipts; access to the bill is checked at each request."""

import secrets

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download, download_unstored
from lk_graphql.api.route_context import RouteContext
from lk_graphql.billing.service.receipts.storage import ROUTE, STATEMENT, receipt_file
from lk_graphql.ports.files import FilesUnavailable
from lk_graphql.ports.pdf import PdfFailed, PdfPoolBusy

log = structlog.stdlib.get_logger("lk_graphql.billing")
_UNPRINTABLE_TEXT = "Квитанции пока нет: не опубликованы реквизиты компании.\n"
_BUSY_TEXT = "Сейчас печатается много квитанций. Попробуйте через несколько секунд.\n"
_FAILED_TEXT = "Квитанция не напечаталась. Если это повторится, сообщите нам код {id}.\n"
_PDF = "application/pdf"


def routes(context: RouteContext) -> list[BaseRoute]:
    async def receipt(request: Request) -> Response:
        state = context.state()
        row, now = await context.open_file(request, ROUTE, STATEMENT)
        try:
            file = await receipt_file(
                row["file_id"],
                files=state.ports.files,
                pdfs=state.ports.pdfs,
                company=state.company,
                now=now,
            )
            if file is None:
                raise HTTPException(404, _UNPRINTABLE_TEXT)
            attachment = Download(file.path, file.name, _PDF, file.digest)
            if file.unstored is not None:
                return download_unstored(
                    request, file.unstored, attachment, framed_by=context.framed_by
                )
            return await download(
                request, state.ports.files, attachment, framed_by=context.framed_by
            )
        except PdfPoolBusy:
            return PlainTextResponse(_BUSY_TEXT, 503, {"retry-after": "5"})
        except (PdfFailed, FilesUnavailable) as failure:
            log_id = secrets.token_hex(6)
            log.exception("a receipt could not be made", log_id=log_id, failure=str(failure))
            return PlainTextResponse(_FAILED_TEXT.format(id=log_id), 503)

    return [Route(ROUTE.pattern, receipt)]
