"""The ASGI endpoint of GraphQL over HTTP and WebSocket.

https://graphql.github.io/graphql-over-http/draft/
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from lk_graphql.api import errors
from lk_graphql.api.access_log import Metrics, describe_span, request_id
from lk_graphql.api.admission import Admission, AdmissionLimits
from lk_graphql.api.context import AppState
from lk_graphql.api.document_limits import ComplexityLimits
from lk_graphql.api.executor import GraphQLResponse, OperationExecutor
from lk_graphql.api.middleware import GRAPHQL_HEADERS, JsonResponse, Origins
from lk_graphql.api.persisted_documents import PersistedDocuments
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.rate_limit import RateLimit, RateLimiter
from lk_graphql.api.realtime.limits import ConnectionLimits
from lk_graphql.api.realtime.server import SubscriptionServer
from lk_graphql.api.realtime.sse import EventStream, single_event
from lk_graphql.api.realtime.websocket import (
    PROTOCOL,
    WebSocketClient,
    WebSocketConnection,
    refuse,
    require_protocol,
)
from lk_graphql.api.request import (
    GRAPHQL,
    GRAPHQL_PATH,
    JSON,
    BodyLimits,
    GraphQLRequest,
    RequestHeaders,
    SessionCookie,
    accepted_types,
    client_of,
    from_json,
    from_query_string,
    read_body,
    read_headers,
    require_json,
)
from lk_graphql.api.request_errors import MethodNotAllowed, NotAcceptable, RequestError
from lk_graphql.api.request_state import Priority, RequestState
from lk_graphql.kit.tracing import TRACING, SpanKind
from lk_graphql.kit.viewer import Client
from lk_graphql.planner.documents import InvalidDocument
from lk_graphql.planner.engine import Call

_METHODS = "GET, POST, OPTIONS"


@dataclass(frozen=True)
class EndpointOptions:
    """Access rules and limits of the endpoint, as the settings define them."""

    origins: Origins
    cookie: SessionCookie
    proxies: Proxies
    limits: ComplexityLimits
    rate_limit: RateLimit
    persisted: PersistedDocuments
    body_limits: BodyLimits
    realtime: ConnectionLimits
    admission: AdmissionLimits

    def client(self, scope: Scope, headers: RequestHeaders) -> Client:
        return client_of(headers, self.proxies.client(scope, headers))


class GraphQLEndpoint:
    """GraphQL over HTTP and WebSocket; `app_state` is called for each request."""

    def __init__(
        self,
        app_state: Callable[[], AppState],
        options: EndpointOptions,
        metrics: Metrics,
    ) -> None:
        self._app_state = app_state
        self._options = options
        self.rate_limiter = RateLimiter(options.rate_limit)
        self.admission = Admission(options.admission, metrics)
        self._executor = OperationExecutor(
            app_state,
            options.limits,
            options.cookie,
            self.rate_limiter,
            options.persisted,
            self.admission,
        )
        self._metrics = metrics
        self._subscriptions = SubscriptionServer(
            app_state, self._executor, options.realtime, metrics
        )

    def priority(self, scope: Scope, body: bytes) -> Priority:
        """The class of a request, for `AdmissionMiddleware`."""
        try:
            is_post = scope["method"] == "POST"
            request = from_json(body) if is_post else from_query_string(scope["query_string"])
        except RequestError:
            return Priority.OTHER
        return self._executor.priority(request)

    async def serve_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        headers = read_headers(scope)
        if scope["method"] == "OPTIONS":
            cors_headers = self._options.origins.preflight(headers)
            preflight = Response(
                status_code=204, headers={"allow": _METHODS, **GRAPHQL_HEADERS, **cors_headers}
            )
            await preflight(scope, receive, send)
            return
        state = self._request_state(scope, headers)
        with TRACING.span("graphql", SpanKind.SERVER, headers, request_id=state.request_id) as span:
            try:
                result = await self._result(state, scope, receive)
            except ClientDisconnect:
                state.outcome, state.status = "CLIENT_GONE", 499
            else:
                await self._response(result, state)(scope, receive, send)
            if TRACING.is_on:
                describe_span(span, state)
        self._metrics.finish(state, started)

    async def serve_websocket(self, websocket: WebSocket) -> None:
        """Accept or reject a WebSocket handshake and serve the connection."""
        headers = read_headers(websocket.scope)
        address = self._options.proxies.client(websocket.scope, headers)
        client = WebSocketClient(headers, address, self._options.cookie)
        try:
            require_protocol(websocket)
            origins = self._options.origins
            if client.credentials.by_cookie:
                origins.require_same_site(client.headers)
            else:  # a token may follow in `connection_init`
                origins.require_allowed_origin(client.headers)
            session = await self._subscriptions.early_session(address, client.credentials)
            with self._subscriptions.hold_connection("websocket", address, session) as place:
                await websocket.accept(PROTOCOL)
                await WebSocketConnection(self._subscriptions, client, websocket, place).run()
        except RequestError as error:
            await refuse(error, websocket)

    def _request_state(self, scope: Scope, headers: RequestHeaders) -> RequestState:
        address = self._options.proxies.client(scope, headers)
        own_id = request_id(headers.get("x-request-id"))
        state = self._executor.request_state(scope["method"], headers, address, own_id)
        state.media_type, state.accepts_events = accepted_types(headers.get("accept", ""))
        state.server_url = self._options.origins.server_url(headers)
        return state

    async def _result(
        self, state: RequestState, scope: Scope, receive: Receive
    ) -> GraphQLResponse | Call:
        """The response, or the call of a subscription to stream. Raises ClientDisconnect."""
        try:
            graphql_request = await self._read_request(state, scope, receive)
            call = self._executor.prepare(graphql_request, state)
            if state.kind == "subscription" and state.accepts_events:
                return call
            return await self._executor.execute(call, state)
        except RequestError as error:
            state.charge.add_refusal(error)
            response = _error_response([error], error.status, state, well_formed=error.well_formed)
            return response._replace(headers=tuple(error.headers.items()))
        except InvalidDocument as invalid:
            state.charge.add_refusal(invalid)
            return _error_response(invalid.errors, 400, state, well_formed=True)
        except GraphQLError as error:  # an argument that validation doesn't check
            return _error_response([error], 400, state, well_formed=True)
        except ClientDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            body = _errors_body(errors.format_exception(cause, state))
            return GraphQLResponse(503 if state.unavailable else 500, body)

    async def _read_request(
        self, state: RequestState, scope: Scope, receive: Receive
    ) -> GraphQLRequest:
        """Check the headers, then read the body of a GraphQL request."""
        if state.media_type is None and not state.accepts_events:
            raise NotAcceptable
        if state.by_cookie:
            self._options.origins.require_same_site(state.headers)
        match state.method:
            case "POST":
                require_json(state.headers)
                body = await read_body(state.headers, receive, self._options.body_limits)
                state.charge.add_body(len(body))
                return from_json(body)
            case "GET":
                query_string: bytes = scope["query_string"]
                state.charge.add_body(len(query_string))
                return from_query_string(query_string)
            case _:
                raise MethodNotAllowed(_METHODS)

    def _response(self, result: GraphQLResponse | Call, state: RequestState) -> ASGIApp:
        """JSON, or an event stream for subscriptions and for clients that accept only that."""
        cors_headers = self._options.origins.headers_for(state.headers)
        headers = [("x-request-id", state.request_id), *cors_headers.items()]
        if state.unavailable:
            headers.append(("retry-after", str(state.unavailable.retry_after)))
        if isinstance(result, Call):
            results = self._subscriptions.stream(result, state)
            return EventStream(self._subscriptions, state, results, headers)
        headers.extend(result.headers)
        body = result.body + state.charge.extension(state.extensions)
        if state.media_type is None and result.status == 200:
            return EventStream(self._subscriptions, state, single_event(body), headers)
        state.status = result.status
        return JsonResponse(body, result.status, state.media_type or JSON, headers)


class GraphQLMiddleware:
    """Passes requests of `GRAPHQL_PATH` to the endpoint, and others to the application.

    GraphQL requests pass neither the router nor the middleware of pages (decision 0190).
    """

    def __init__(self, app: ASGIApp, endpoint: GraphQLEndpoint) -> None:
        self.app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != GRAPHQL_PATH:  # the lifespan's scope has no path
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._endpoint.serve_websocket(WebSocket(scope, receive, send))
        else:
            await self._endpoint.serve_http(scope, receive, send)


async def redirect_slash(request: Request) -> Response:
    """Redirect `/graphql/`, as Starlette's router does for its own routes."""
    return RedirectResponse(request.url.replace(path=GRAPHQL_PATH))


def _error_response(
    graphql_errors: Iterable[GraphQLError], status: int, state: RequestState, *, well_formed: bool
) -> GraphQLResponse:
    """A response with request errors; 200 for well-formed requests unless the type is `GRAPHQL`."""
    formatted = errors.format_request_errors(graphql_errors, state)
    is_200 = well_formed and state.media_type != GRAPHQL
    return GraphQLResponse(200 if is_200 else status, _errors_body(formatted))


def _errors_body(formatted: errors.FormattedErrors) -> bytes:
    return orjson.dumps({"errors": formatted})[:-1]
