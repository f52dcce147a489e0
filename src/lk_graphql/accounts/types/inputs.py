"""Inputs of the account mutations, with their conversion to commands."""

import strawberry

from lk_graphql.accounts import models
from lk_graphql.accounts.service.claim_parsing import LinkClaimForm, ProofKind
from lk_graphql.api.graphql_types import choice_type, input_type


@choice_type
class AccountProofInput:
    """A proof known only to a resident: exactly one of these fields."""

    last_reading: strawberry.Maybe[str] = strawberry.field(
        description="The last accepted reading of any register («показание»): `12345`. Not one by "
        "telephone, which anybody can report."
    )
    bill_total: strawberry.Maybe[str] = strawberry.field(
        description="The total of one of the last two bills, to the kopeck: `1234.56`."
    )
    unified_number: strawberry.Maybe[str] = strawberry.field(
        description="The unified account number of ГИС ЖКХ («единый лицевой счёт»): `75ДА533315`."
    )

    def to_command(self) -> tuple[ProofKind, str]:
        """Return the one proof of the input, which GraphQL has validated."""
        proofs = (
            (ProofKind.LAST_READING, self.last_reading),
            (ProofKind.BILL_TOTAL, self.bill_total),
            (ProofKind.UNIFIED_NUMBER, self.unified_number),
        )
        return next((kind, proof.value) for kind, proof in proofs if proof is not None)


@input_type
class AccountLinkPreviewInput:
    """The account to link, and a proof of it."""

    subscriber_type: models.SubscriberType = strawberry.field(
        description="The subscriber type: household or business («тип абонента»)."
    )
    account_number: str = strawberry.field(
        description="The account's number («номер лицевого счёта»); spaces and dashes are ignored."
    )
    surname: str = strawberry.field(
        description="The holder's last name, as on the bill («фамилия абонента»)."
    )
    proof: AccountProofInput = strawberry.field(description="The one strong proof.")

    def to_command(self) -> LinkClaimForm:
        return LinkClaimForm(
            self.subscriber_type, self.account_number, self.surname, *self.proof.to_command()
        )


@input_type
class AccountLinkInput:
    """The preview to save."""

    token: str = strawberry.field(description="The token from `accountLinkPreview.preview.token`.")


@input_type
class AccountLinkUndoInput:
    """The link in a mail about a new account link."""

    token: str = strawberry.field(description="The text after `#token=` in the mail's link.")


@input_type
class AccountUnlinkInput:
    """The account to unlink."""

    account_id: strawberry.ID = strawberry.field(description="The account to unlink.")


@input_type
class AccountRenameInput:
    """The account and its new name."""

    account_id: strawberry.ID = strawberry.field(description="The account to rename.")
    name: str | None = strawberry.field(
        description="The name of 1 to 60 characters, visible to the customer only; null removes it."
    )
