"""One HTTP request and what becomes of it: the answer, the log and the metrics are made of it."""

from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import Headers

from lk_graphql.api.rate_limit import TokenBucket
from lk_graphql.api.request import GraphQLRequest
from lk_graphql.kit.viewer import Client, StaffViewer, Viewer


@dataclass(slots=True, eq=False)
class RequestState:
    """Filled step by step while the request is answered.

    `media_type` is what the client wants to read, None where that is no JSON; `takes_events` is
    whether it reads Server-Sent Events. `token` is empty for a guest. From `asked` on it is what
    came out so far.
    """

    method: str
    headers: Headers
    now: datetime
    request_id: str
    client: Client
    media_type: str | None
    token: str
    token_hash: bytes
    by_cookie: bool
    bucket: TokenBucket
    accepts_events: bool = False
    request: GraphQLRequest | None = None
    kind: str = "none"
    operation_name: str | None = None
    path: str = "none"
    cost: int = 0
    viewer: Viewer | None = None
    staff: StaffViewer | None = None
    outcome: str = "OK"
    status: int = 200
