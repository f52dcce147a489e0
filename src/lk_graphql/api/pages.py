"""HTML pages rendered from the `templates/` of a package, and their assets."""

from functools import cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

SELF_CONTAINED = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of a page whose scripts, styles and requests have its own origin."""


class TemplatePages:
    """The templates of a package. Rendering raises jinja2's UndefinedError for a missing value."""

    def __init__(self, package: str) -> None:
        self._package = package

    def page(self, name: str, headers: dict[str, str], **values: object) -> HTMLResponse:
        """Render a template as an HTML response."""
        return HTMLResponse(self._text(name, **values), headers=headers)

    def file(
        self, path: str, name: str, media_type: str, headers: dict[str, str] | None = None
    ) -> Route:
        """The route of a stylesheet or a script."""

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
