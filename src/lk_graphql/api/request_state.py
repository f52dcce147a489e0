"""The state of one GraphQL request: input of the response, the access log and the metrics."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lk_graphql.api.rate_limit import RequestCharge
from lk_graphql.api.request import GraphQLRequest, RequestHeaders
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.viewer import Client, StaffViewer, Viewer


class Priority(StrEnum):
    """The classes of requests that `api.admission` distinguishes, the most important first."""

    SMALL_READ = "small_read"
    READ = "read"
    OTHER = "other"
    """Writes, files, and documents that aren't cached and have to be validated."""
    SIGN_IN = "sign_in"
    """Has a limit of its own: a sign-in waits for password hashing, not for the database."""


@dataclass(slots=True, eq=False)
class RequestState:
    """A request and its results so far.

    `media_type` is the negotiated type, None if the client accepts no JSON; `accepts_events` is
    true for clients of Server-Sent Events. `token` is empty for a guest. `request` and the fields
    after it are set during the execution.
    """

    method: str
    headers: RequestHeaders
    now: datetime
    request_id: str
    client: Client
    media_type: str | None
    token: str
    token_hash: bytes
    by_cookie: bool
    charge: RequestCharge
    server_url: str = ""
    """The address at which the client reaches this server; empty for a WebSocket."""
    accepts_events: bool = False
    request: GraphQLRequest | None = None
    kind: str = "none"
    operation_name: str | None = None
    path: str = "none"
    statement: str = ""
    """The fingerprint of the plan's SQL, if there is one."""
    priority: Priority = Priority.OTHER
    viewer: Viewer | None = None
    staff: StaffViewer | None = None
    unavailable: Unavailable | None = None
    """The outage or overload that prevented a result; the status is then 503."""
    extensions: dict[str, object] = field(default_factory=dict[str, object])
    """The response's `extensions`, besides `cost`."""
    outcome: str = "OK"
    status: int = 200
