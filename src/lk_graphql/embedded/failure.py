"""The one way in which the embedded PostgreSQL fails."""


class EmbeddedFailed(RuntimeError):
    """The server can't be had; the message says what to do."""
