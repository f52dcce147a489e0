"""`/dev/captcha` and `/dev/staff`: codes of captchas and of second factors, only in the demo.

End-to-end tests of a frontend use the codes of captchas to fill in the registration form.
"""

from collections import deque

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import TemplatePages
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.languages import Language
from lk_graphql.kit.signing import Signer
from lk_graphql.ports.captcha import Captchas, Challenge
from lk_graphql.staff.service import members, second_factor

_KEPT = 10
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
        " base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class CaptchaRecorder:
    """Returns the challenges of another generator, and records the codes of the newest pictures."""

    def __init__(self, generator: Captchas) -> None:
        self._generator = generator
        self.codes = deque[str](maxlen=_KEPT)

    async def challenge(self, language: Language) -> Challenge:
        challenge = await self._generator.challenge(language)
        self.codes.appendleft(challenge.picture_code)
        return challenge


def captcha_routes(captchas: CaptchaRecorder) -> list[BaseRoute]:
    """The codes as text, one per line, newest first."""

    async def codes(_: Request) -> PlainTextResponse:
        return PlainTextResponse("".join(f"{code}\n" for code in captchas.codes))

    return [Route("/dev/captcha", codes, methods=["GET"])]


def staff_routes(signer: Signer, clock: Clock = utc_now) -> list[BaseRoute]:
    """A page that refreshes itself, with the style of the mailbox."""
    pages = TemplatePages("lk_graphql.demo.codes")

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
