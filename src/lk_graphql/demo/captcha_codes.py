"""`/dev/captcha`: the codes of the newest captchas; mounted only in the demo.

End-to-end tests of a frontend use it to fill in the registration form.
"""

from collections import deque

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha import Captchas, Challenge

_KEPT = 10


class CaptchaRecorder:
    """Returns the challenges of another generator, and records the codes of the newest pictures."""

    def __init__(self, generator: Captchas) -> None:
        self._generator = generator
        self.codes = deque[str](maxlen=_KEPT)

    async def challenge(self, language: Language) -> Challenge:
        challenge = await self._generator.challenge(language)
        self.codes.appendleft(challenge.picture_code)
        return challenge


def routes(captchas: CaptchaRecorder) -> list[BaseRoute]:
    """The codes as text, one per line, newest first."""

    async def codes(_: Request) -> PlainTextResponse:
        return PlainTextResponse("".join(f"{code}\n" for code in captchas.codes))

    return [Route("/dev/captcha", codes, methods=["GET"])]
