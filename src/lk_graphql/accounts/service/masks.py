"""Masks of an address and a holder, for the preview of an account that isn't linked yet.

A mask shows the first character of a word and three stars, one for a number, so that it doesn't
reveal the length: «ул. К***, д. 1*», «И*** П. С.».
"""

import re

_POSTCODE = re.compile(r"^\s*\d{6}\s*,?\s*")
_WORD = re.compile(r"\w[^\s,.()]*")

# «Кемеровская область - Кузбасс, г. Новокузнецк, пр-кт Металлургов, д. 12, корп. 2, кв. 7»:
# the kinds of address elements identify nothing, so they stay readable.
_KINDS = re.compile(
    r"""аллея|б-р|бульвар|г|город|гск|д|днп|дом|ж/?д|км|кв|квартал|квартира|ком|комната|корп|корпус
    |край|лит|литера|мкр|микрорайон|наб|набережная|обл|область|п|парк|пгт|пер|переулок|пл|площадь
    |пом|помещение|пос|пос[её]лок|пр|пр-кт|проезд|проспект|р-н|район|респ|республика|с|село|сквер
    |снт|сооружение|ст|станция|стр|строение|тер|территория|тракт|туп|тупик|ул|улица|уч|участок|ш
    |шоссе|эт|этаж""",
    re.VERBOSE | re.IGNORECASE,
)


def masked_address(address: str) -> str:
    """The address without its postcode, all words masked but the kinds of address elements."""
    return _WORD.sub(_masked_word, _POSTCODE.sub("", address))


def masked_holder(last_name: str, first_name: str, patronymic: str | None) -> str:
    """The first letter of the surname, and the initials."""
    initials = (f"{name[:1].upper()}." for name in (first_name, patronymic) if name)
    return " ".join([f"{last_name[:1].upper()}***", *initials])


def _masked_word(match: re.Match[str]) -> str:
    """The masked word, or the word itself if it is the kind of an address element."""
    word = match.group()
    if _KINDS.fullmatch(word):
        return word
    return word[0] + ("*" if word[0].isdigit() else "***")
