"""The seeds that a command is asked for."""


def seeds_in(text: str) -> range:
    """`7` are the seeds 1 to 7, `3..5` those from 3 to 5."""
    first, dots, last = text.partition("..")
    return range(int(first), int(last) + 1) if dots else range(1, int(first) + 1)
