"""The page and its routes: no inline script, no request to another host."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from html import escape
from pathlib import Path
from secrets import token_urlsafe
from string import Template

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.graphiql.examples import Example

HERE = Path(__file__).parent
VENDOR_FILES = (
    "graphiql.min.css",
    "graphiql.min.js",
    "react.production.min.js",
    "react-dom.production.min.js",
)
OWN_FILES = ("page.css", "page.js", "examples.js", "fetcher.js", "prettify.js", "favicon.svg")

# GraphiQL's dialogs insert a style element, which the nonce allows.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILE_HEADERS = {"cache-control": "public, max-age=31536000, immutable"}


def routes(
    examples: Sequence[Example], *, title: str, opened: str = "", endpoint: str = "/graphql"
) -> list[BaseRoute]:
    """The routes of `/graphiql` and its files, and a redirect from `/`.

    `opened` is the operation of the first tab.
    """
    files = {name: HERE / "vendor" / name for name in VENDOR_FILES} | {
        name: HERE / name for name in OWN_FILES
    }
    version = sha256(b"".join(file.read_bytes() for file in files.values())).hexdigest()[:12]
    options = {
        "endpoint": endpoint,
        "opened": opened,
        "examples": [asdict(example) for example in examples],
    }
    html = Template((HERE / "page.html").read_text("utf-8")).safe_substitute(
        title=escape(title),
        files=f"/graphiql/{version}",
        # "<" could end the script element, and "$" is the template's delimiter
        options=orjson.dumps(options).decode().replace("<", "\\u003c").replace("$", "\\u0024"),
    )
    template = Template(html)

    async def page(_: Request) -> Response:
        nonce = token_urlsafe(16)
        headers = {"content-security-policy": _CONTENT_SECURITY_POLICY.format(nonce=nonce)}
        return HTMLResponse(template.substitute(nonce=nonce), headers=headers)

    async def file(request: Request) -> Response:
        """A file of this version; clients may cache it without limit."""
        path = files.get(request.path_params["name"])
        if path is None or request.path_params["version"] != version:
            raise HTTPException(404)
        return FileResponse(path, headers=_FILE_HEADERS)

    root = RedirectResponse("/graphiql")
    return [
        Route("/", root),
        Route("/graphiql", page),
        Route("/graphiql/{version}/{name}", file),
    ]
