"""Why a command of ours can't go on."""


class Obstacle(Exception):
    """Its text is for the person at the terminal and says what to do next."""
