"""`/dev/captcha`: the codes of the demo's newest captchas, only mounted there.

So that end-to-end tests of a frontend can fill in its registration form.
"""

from collections import deque

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha import Captchas, Challenge

_KEPT = 10


class CaptchaRecorder:
    """The challenges of another generator; remembers the codes of the newest pictures."""

    def __init__(self, generator: Captchas) -> None:
        self._generator = generator
        self.codes = deque[str](maxlen=_KEPT)

    async def challenge(self, language: Language) -> Challenge:
        challenge = await self._generator.challenge(language)
        self.codes.appendleft(challenge.picture_code)
        return challenge


def routes(captchas: CaptchaRecorder) -> list[BaseRoute]:
    """The codes as text, a line each, newest first."""

    async def codes(_: Request) -> PlainTextResponse:
        return PlainTextResponse("".join(f"{code}\n" for code in captchas.codes))

    return [Route("/dev/captcha", codes, methods=["GET"])]
