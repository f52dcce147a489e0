"""Names of persons and streets, one a line."""

from importlib.resources import files


def listed(name: str) -> list[str]:
    return (files(__name__) / f"{name}.txt").read_text("utf-8").split("\n")[:-1]
