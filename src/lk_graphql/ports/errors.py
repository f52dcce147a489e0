"""Errors of ports that no retry can help."""


class PermanentError(Exception):
    """A job that raises it becomes a dead letter without retries."""


class RecipientUnknown(PermanentError):
    """The address itself is invalid: nothing can be delivered to it."""
