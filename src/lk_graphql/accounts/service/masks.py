"""Addresses and names for somebody who has proved an account but not linked it yet.

A mask shows the first character of a word and the same three stars (one for a number) whatever
follows, so that not even a length is told: «ул. К***, д. 1*», «И*** П. С.».
"""

import re

_POSTCODE = re.compile(r"^\s*\d{6}\s*,?\s*")
_WORD = re.compile(r"\w[^\s,.()]*")

# «Кемеровская область - Кузбасс, г. Новокузнецк, пр-кт Металлургов, д. 12, корп. 2, кв. 7»:
# what kind of thing stands there is no secret
_KINDS = re.compile(
    r"""аллея|б-р|бульвар|г|город|гск|д|днп|дом|ж/?д|км|кв|квартал|квартира|ком|комната|корп|корпус
    |край|лит|литера|мкр|микрорайон|наб|набережная|обл|область|п|парк|пгт|пер|переулок|пл|площадь
    |пом|помещение|пос|пос[её]лок|пр|пр-кт|проезд|проспект|р-н|район|респ|республика|с|село|сквер
    |снт|сооружение|ст|станция|стр|строение|тер|территория|тракт|туп|тупик|ул|улица|уч|участок|ш
    |шоссе|эт|этаж""",
    re.VERBOSE | re.IGNORECASE,
)


def masked_address(address: str) -> str:
    """Without the postcode; every word but the kinds of things masked."""
    return _WORD.sub(_masked_word, _POSTCODE.sub("", address))


def masked_holder(last_name: str, first_name: str, patronymic: str | None) -> str:
    """The surname's first letter and the initials."""
    initials = (f"{name[:1].upper()}." for name in (first_name, patronymic) if name)
    return " ".join([f"{last_name[:1].upper()}***", *initials])


def _masked_word(found: re.Match[str]) -> str:
    word = found.group()
    if _KINDS.fullmatch(word):
        return word
    return word[0] + ("*" if word[0].isdigit() else "***")
