"""Names of zones of the day («зоны суток») within a sentence."""

from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import Zone

_ZONES = {
    Language.RU: {
        Zone.SINGLE: "круглосуточно",
        Zone.DAY: "день",
        Zone.NIGHT: "ночь",
        Zone.PEAK: "пик",
        Zone.HALF_PEAK: "полупик",
    },
    Language.EN: {
        Zone.SINGLE: "all day",
        Zone.DAY: "day",
        Zone.NIGHT: "night",
        Zone.PEAK: "peak",
        Zone.HALF_PEAK: "half-peak",
    },
}


def zone_name(zone: str, language: Language) -> str:
    """Return the name of a zone for a sentence; other texts are returned unchanged."""
    return _ZONES[language][Zone(zone)] if zone in Zone.__members__ else zone
