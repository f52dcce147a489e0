"""What a port raises when trying again is pointless."""


class PermanentError(Exception):
    """A job that raises it becomes a dead letter at once."""


class RecipientUnknown(PermanentError):
    """It is the address: nothing else will ever be taken for it either."""
