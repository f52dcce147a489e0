"""`publicSettings`: what a frontend has to know before anybody signs in.

Other slices add theirs: `@extends(PublicSettings)`, fields by `@strawberry.field`.
"""

from typing import Any

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.shapes import object_type
from lk_graphql.identity.errors import IdentityErrorCode, PasswordRefused
from lk_graphql.identity.service import captchas, consents, limits
from lk_graphql.identity.types.objects import ConsentDocument
from lk_graphql.kit.password_rules import LONGEST, SHORTEST, PasswordRule
from lk_graphql.reads.declare import declared


@object_type
class PasswordRequirement:
    """One thing that a password has to be."""

    code: IdentityErrorCode = strawberry.field(
        description="The code of the refusal when a password isn't like that."
    )
    text: str = strawberry.field(description="The rule in words to show beside the field.")


@object_type
class PasswordRules:
    """What a password has to be («требования к паролю»)."""

    shortest: int = strawberry.field(description="The fewest characters.")
    longest: int = strawberry.field(description="The most characters.")
    only_latin_and_digits: bool = strawberry.field(
        description="Whether no other characters are allowed."
    )
    requirements: list[PasswordRequirement] = strawberry.field(
        description="All rules, each with the code of its refusal."
    )


@object_type
class PublicSettings:
    """What a frontend has to know before anybody signs in."""

    @strawberry.field(description="What a password has to be.")
    def password_rules(self, info: Info) -> PasswordRules:
        language = info.context.client.language
        return PasswordRules(
            shortest=SHORTEST,
            longest=LONGEST,
            only_latin_and_digits=info.context.ports.passwords.strict,
            requirements=[
                PasswordRequirement(
                    code=IdentityErrorCode(refused.code), text=refused.text(language)
                )
                for refused in map(PasswordRefused, PasswordRule)
            ],
        )

    @strawberry.field(description="The ways to write a telephone number, as examples.")
    def phone_forms(self) -> list[str]:
        return ["+7 (913) 123-45-67", "8 913 123-45-67", "79131234567", "9131234567"]

    @strawberry.field(description="The texts that customers agree to: the current version of each.")
    async def consent_documents(self, info: Info) -> list[ConsentDocument]:
        current = await consents.current(now=info.context.now)
        keys = [document.id for document in current.values()]
        shown: Any = await info.context.rows.owned(declared(ConsentDocument), keys)
        return list(shown.values())

    @strawberry.field(description="How many seconds a captcha is good for.")
    def captcha_seconds(self) -> int:
        return int(captchas.LASTS.total_seconds())

    @strawberry.field(
        description="How many seconds lie between two mails to one address, for a resend button."
    )
    def mail_cooldown_seconds(self) -> int:
        return int(limits.RESEND_OF_EMAIL.windows[0].span.total_seconds())
