"""The page itself: no inline script, no request to another host."""

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

# Scripts come from files only. The dialogs make a style element, which a nonce lets through.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILE = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Example:
    """An operation for a tab; `variables` is JSON text."""

    query: str
    variables: str | None = None


def read_examples(folder: Path) -> list[Example]:
    """The `*.graphql` of a folder by name, each with the `.json` of variables beside it."""
    found: list[Example] = []
    for file in sorted(folder.glob("*.graphql")):
        variables = file.with_suffix(".json")
        found.append(
            Example(
                file.read_text("utf-8").strip(),
                variables.read_text("utf-8").strip() if variables.is_file() else None,
            )
        )
    return found


def routes(
    assets: Path, examples: Sequence[Example], *, title: str, endpoint: str = "/graphql"
) -> list[BaseRoute]:
    """`/graphiql` and its files; `assets` is what `ensure_assets` returned.

    Where the explorer is open, the bare address leads to it.
    """
    files = {name: assets / name for name in ASSET_FILES} | {
        name: HERE / name for name in OWN_FILES
    }
    version = sha256(b"".join(file.read_bytes() for file in files.values())).hexdigest()[:12]
    options = {"endpoint": endpoint, "tabs": [asdict(example) for example in examples]}
    html = Template((HERE / "page.html").read_text("utf-8")).safe_substitute(
        title=escape(title),
        files=f"/graphiql/{version}",
        # in a script element "<" could end it, and "$" is the template's
        options=orjson.dumps(options).decode().replace("<", "\\u003c").replace("$", "\\u0024"),
    )
    page_of = Template(html)

    async def page(_: Request) -> Response:
        nonce = token_urlsafe(16)
        headers = {"content-security-policy": _POLICY.format(nonce=nonce)}
        return HTMLResponse(page_of.substitute(nonce=nonce), headers=headers)

    async def file(request: Request) -> Response:
        """A file of this version, for ever: another version has another address."""
        found = files.get(request.path_params["name"])
        if found is None or request.path_params["version"] != version:
            raise HTTPException(404)
        return FileResponse(found, headers=_FILE)

    root = RedirectResponse("/graphiql")
    return [
        Route("/", root),
        Route("/graphiql", page),
        Route("/graphiql/{version}/{name}", file),
    ]
