"""The page and its routes: no inline script, no request to another host."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
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

from lk_graphql.api.graphiql.assets import ASSET_FILES

HERE = Path(__file__).parent
OWN_FILES = ("page.css", "page.js", "favicon.svg")

# GraphiQL's dialogs insert a style element, which the nonce allows.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILE_HEADERS = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Example:
    """The operation of a tab; `variables` is JSON text."""

    query: str
    variables: str | None = None


def read_examples(folder: Path) -> list[Example]:
    """The `*.graphql` files of a folder in order of name, each with its `.json` of variables."""
    examples: list[Example] = []
    for file in sorted(folder.glob("*.graphql")):
        variables = file.with_suffix(".json")
        examples.append(
            Example(
                file.read_text("utf-8").strip(),
                variables.read_text("utf-8").strip() if variables.is_file() else None,
            )
        )
    return examples


def routes(
    assets: Path, examples: Sequence[Example], *, title: str, endpoint: str = "/graphql"
) -> list[BaseRoute]:
    """The routes of `/graphiql` and its files, and a redirect from `/`.

    `assets` is the folder that `ensure_assets` returns.
    """
    files = {name: assets / name for name in ASSET_FILES} | {
        name: HERE / name for name in OWN_FILES
    }
    version = sha256(b"".join(file.read_bytes() for file in files.values())).hexdigest()[:12]
    options = {"endpoint": endpoint, "tabs": [asdict(example) for example in examples]}
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
