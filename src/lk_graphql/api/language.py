"""Which of the cabinet's languages a client reads."""

from functools import lru_cache

from lk_graphql.kit.languages import Language

_SPOKEN = {language.code: language for language in Language}


@lru_cache(256)
def preferred(accept_language: bytes) -> Language:
    """Russian, unless `Accept-Language` (RFC 9110, 12.5.4) puts English before it."""
    weights = {Language.RU: 0.0, Language.EN: 0.0}
    for item in accept_language.decode("latin-1").split(","):
        tag, _, parameter = item.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if (language := _SPOKEN.get(primary)) is not None:
            weights[language] = max(weights[language], _weight(parameter))
    return Language.EN if weights[Language.EN] > weights[Language.RU] else Language.RU


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
