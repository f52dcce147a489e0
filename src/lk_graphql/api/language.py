"""Which of the cabinet's languages a client reads."""

from lk_graphql.api.media import weighted
from lk_graphql.kit.languages import Language

_LANGUAGES = {language.code: language for language in Language}


def preferred(accept_language: str) -> Language:
    """Russian, unless `Accept-Language` (RFC 9110, 12.5.4) puts English before it."""
    weights = {Language.RU: 0.0, Language.EN: 0.0}
    for tag, weight in weighted(accept_language):
        language = _LANGUAGES.get(tag.partition("-")[0])
        if language is not None:
            weights[language] = max(weights[language], weight)
    return Language.EN if weights[Language.EN] > weights[Language.RU] else Language.RU
