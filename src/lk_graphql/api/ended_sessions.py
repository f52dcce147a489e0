"""Requests whose token is no session's any more: clients are told, and the cookie is cleared."""

from datetime import timedelta

from lk_graphql.api.context import AppState
from lk_graphql.api.request import SessionCookie
from lk_graphql.api.request_state import RequestState

EXTENSION = "session"
ENDED = "ended"
COOKIE_DELAY = timedelta(minutes=1)
"""A cookie is kept for so long after its session's end.

A sign-in ends the session that came along with it. A slow answer to an earlier request of that
session would clear the new cookie otherwise.
"""


async def report_ended(
    state: RequestState, app_state: AppState, cookie: SessionCookie
) -> tuple[tuple[str, str], ...]:
    """Set the extension `session` if the token is no session's; return the response's headers."""
    principal = await app_state.engine.principal_of(state.token_hash, state.now)
    if principal.viewer is not None or principal.staff is not None:
        return ()  # a member of staff, whose session this plan doesn't select
    state.extensions[EXTENSION] = ENDED
    sent = cookie.sent_by(state.headers)
    if sent is None:
        return ()
    ended_at = await app_state.session_end(state.token_hash)
    if ended_at is not None and ended_at > state.now - COOKIE_DELAY:
        return ()
    return (("set-cookie", sent.clear()),)
