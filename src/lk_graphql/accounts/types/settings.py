"""`publicSettings.linkFields`: what the form for linking an account asks for."""

from typing import NamedTuple

import strawberry

from lk_graphql.accounts.models import SubscriberType
from lk_graphql.accounts.service import claim, links, tokens, tries
from lk_graphql.api.shapes import object_type
from lk_graphql.kit.languages import Language


@object_type
class LinkField:
    """One field of the form."""

    path: str = strawberry.field(
        description="Where it goes in `AccountLinkPreviewInput`: `proof.billTotal`."
    )
    label: str = strawberry.field(description="What to write beside it.")
    hint: str = strawberry.field(description="Where a person finds it.")
    pattern: str | None = strawberry.field(
        description="A regular expression for all of it, spaces and dashes taken out; "
        "null where any name will do."
    )
    is_proof: bool = strawberry.field(
        description="Whether it is a proof: exactly one of these is filled in, and all others."
    )


@object_type
class LinkFields:
    """What the form for linking an account asks for («подключение счёта»)."""

    subscriber_types: list[SubscriberType] = strawberry.field(
        description="The types of subscriber whose accounts can be linked («тип абонента»)."
    )
    fields: list[LinkField] = strawberry.field(description="The fields in the order of the form.")
    tries_per_hour: int = strawberry.field(description="How often one login may try in an hour.")
    tries_per_day: int = strawberry.field(description="How often one account is tried in a day.")
    preview_seconds: int = strawberry.field(description="How long a preview can be saved.")
    longest_name: int = strawberry.field(
        description="The most characters of a name that `accountRename` gives."
    )


class _Asked(NamedTuple):
    """A field in Russian and English."""

    path: str
    pattern: str | None
    label: tuple[str, str]
    hint: tuple[str, str]


_ASKED = (
    _Asked(
        "surname",
        None,
        ("Фамилия абонента", "The holder's last name"),
        ("Как в квитанции", "As the bill has it"),
    ),
    _Asked(
        "proof.lastReading",
        claim.READING_PATTERN,
        ("Последнее показание", "The last reading"),
        ("В последней квитанции, любая тарифная зона", "On the last bill, of any zone"),
    ),
    _Asked(
        "proof.billTotal",
        claim.TOTAL_PATTERN,
        ("Сумма счёта", "A bill's total"),
        ("В одной из двух последних квитанций, с копейками", "On one of the last two bills"),
    ),
    _Asked(
        "proof.unifiedNumber",
        claim.UNIFIED_NUMBER_PATTERN,
        ("Единый лицевой счёт (ЕЛС)", "The unified account number (ЕЛС)"),
        ("10 знаков вверху квитанции", "10 characters at the top of the bill"),
    ),
)


def link_fields(number_pattern: str, language: Language) -> LinkFields:
    """`number_pattern` is the company's; the other fields look the same everywhere."""
    number = _Asked(
        "accountNumber",
        number_pattern,
        ("Номер лицевого счёта", "The account's number"),
        ("Вверху квитанции", "At the top of the bill"),
    )
    return LinkFields(
        subscriber_types=[SubscriberType.HOUSEHOLD],
        fields=[_field(asked, language) for asked in (number, *_ASKED)],
        tries_per_hour=tries.OF_USER.most,
        tries_per_day=tries.OF_NUMBER.most,
        preview_seconds=int(tokens.LIFETIME.total_seconds()),
        longest_name=links.LONGEST_NAME,
    )


def _field(asked: _Asked, language: Language) -> LinkField:
    said = 0 if language is Language.RU else 1
    return LinkField(
        path=asked.path,
        label=asked.label[said],
        hint=asked.hint[said],
        pattern=asked.pattern,
        is_proof=asked.path.startswith("proof."),
    )
