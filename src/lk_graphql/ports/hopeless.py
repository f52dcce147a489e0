"""What a port raises when trying again is pointless."""


class Hopeless(Exception):
    """A job that raises it becomes a dead letter at once."""
