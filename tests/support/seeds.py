"""The seeds in a command's argument."""


def seeds_in(text: str) -> range:
    """The seeds 1 to 7 for `7`, the seeds 3 to 5 for `3..5`."""
    first, dots, last = text.partition("..")
    return range(int(first), int(last) + 1) if dots else range(1, int(first) + 1)
