"""Responses to a token of an ended session: an extension that reports it, and a cleared cookie."""

from datetime import timedelta

from lk_graphql.api.context import AppState
from lk_graphql.api.request import SessionCookie
from lk_graphql.api.request_state import RequestState

EXTENSION = "session"
ENDED = "ended"
COOKIE_DELAY = timedelta(minutes=1)
"""The time after a session's end for which its cookie is not cleared.

A sign-in ends the session that its request carries. Without this delay, a slow response to an
earlier request of that session would clear the cookie of the new one.
"""


async def report_ended(
    state: RequestState, app_state: AppState, cookie: SessionCookie
) -> tuple[tuple[str, str], ...]:
    """Set the extension `session` if the token's session has ended; return headers to add."""
    principal = await app_state.engine.principal_of(state.token_hash, state.now)
    if principal.viewer is not None or principal.staff is not None:
        return ()  # plans of customers' types don't select staff sessions
    state.extensions[EXTENSION] = ENDED
    sent = cookie.sent_by(state.headers)
    if sent is None:
        return ()
    ended_at = await app_state.session_end(state.token_hash)
    if ended_at is not None and ended_at > state.now - COOKIE_DELAY:
        return ()
    return (("set-cookie", sent.clear()),)
