"""Errors of ports that decide whether a job is retried."""


class PermanentError(Exception):
    """An error after which a job becomes a dead letter without retries."""


class DoubtfulError(Exception):
    """A refusal without a reason, which may be a mistake of the other system.

    A job gets three attempts within an hour; then it becomes a dead letter.
    """


class RecipientUnknown(PermanentError):
    """The address itself is invalid: nothing can be delivered to it."""
