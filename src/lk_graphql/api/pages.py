"""The few pages that a package shows by itself: its `templates/`, and the files beside them."""

from functools import cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

SELF_CONTAINED = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A page whose script and style are files of ours, and which speaks to nobody else."""


class TemplatePages:
    """A package's templates. A value that one misses raises jinja2's UndefinedError."""

    def __init__(self, package: str) -> None:
        self._package = package

    def page(self, name: str, headers: dict[str, str], **values: object) -> HTMLResponse:
        """A template as HTML; `headers` tell what a browser may do with it."""
        return HTMLResponse(self._text(name, **values), headers=headers)

    def file(
        self, path: str, name: str, media_type: str, headers: dict[str, str] | None = None
    ) -> Route:
        """A style or a script at a path of its own."""

        async def file(_: Request) -> Response:
            return Response(self._text(name), media_type=media_type, headers=headers)

        return Route(path, file, methods=["GET"])

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=PackageLoader(self._package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _text(self, name: str, **values: object) -> str:
        return self._environment.get_template(name).render(values)
