"""`/dev/staff`: the staff's current authenticator codes; mounted only in the demo."""

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import TemplatePages
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.signing import Signer
from lk_graphql.staff.service import members, second_factor

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
        " base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def routes(signer: Signer, clock: Clock = utc_now) -> list[BaseRoute]:
    """A page that refreshes itself, with the style of the mailbox."""
    pages = TemplatePages("lk_graphql.demo.staff_codes")

    async def codes(_: Request) -> HTMLResponse:
        now = clock()
        codes_by_member = [
            (member, await second_factor.current_code(member, signer=signer, now=now))
            for member in await members.all_members()
        ]
        seconds_left = second_factor.STEP - int(now.timestamp()) % second_factor.STEP
        return pages.page(
            "codes.html.j2", _HEADERS, codes=codes_by_member, seconds_left=seconds_left
        )

    return [Route("/dev/staff", codes, methods=["GET"])]
