"""What happens to the links of an account when the billing system names another holder."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, Holder, LinkEventKind, LinkState
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.links import lock_account, suspend
from lk_graphql.kit import names
from lk_graphql.ports.jobs import enqueue


@dataclass(frozen=True)
class HolderName:
    """A person as the billing system writes them; first names may be initials."""

    last_name: str
    first_name: str
    patronymic: str | None

    def is_same_as(self, holder: Holder) -> bool:
        """Whether only the spelling differs: ё for е, a name where an initial was."""
        return surname_key(self.last_name) == holder.surname_key and all(
            _initial(ours) == _initial(theirs)
            for ours, theirs in (
                (self.first_name, holder.first_name),
                (self.patronymic, holder.patronymic),
            )
        )


async def change_holder(account_id: UUID, named: HolderName, *, since: date, now: datetime) -> bool:
    """Record who the contract is with; True when that is another person than before.

    Then every link of the account is suspended until staff decide, and its people are told: a
    flat that was sold must not go on showing its new owner's bills to the old one.
    """
    async with in_transaction():
        await lock_account(account_id)
        current = await Holder.get_or_none(account_id=account_id, until=None)
        if current is not None and named.is_same_as(current):
            await _update_spelling(current, named)
            return False
        if current is not None:
            current.until = max(since, current.since)
            await current.save(update_fields=["until"])
        await _create(account_id, named, since)
        await _suspend_all(account_id, now=now)
    return True


async def _create(account_id: UUID, named: HolderName, since: date) -> None:
    await Holder.create(
        account_id=account_id,
        last_name=named.last_name,
        first_name=named.first_name,
        patronymic=named.patronymic,
        surname_key=surname_key(named.last_name),
        since=since,
    )


async def _update_spelling(holder: Holder, named: HolderName) -> None:
    holder.last_name, holder.first_name = named.last_name, named.first_name
    holder.patronymic = named.patronymic
    await holder.save(update_fields=["last_name", "first_name", "patronymic"])


async def _suspend_all(account_id: UUID, *, now: datetime) -> None:
    kind = LinkEventKind.SUSPENDED_BY_NEW_HOLDER
    links = AccountLink.filter(account_id=account_id, state=LinkState.ACTIVE)
    # the owner last: otherwise each that goes would leave the account to the next
    for link in await links.order_by("role"):
        await suspend(link, kind, by=None, client=None, now=now)
        await enqueue("accounts.mail_suspended", link_id=link.id)


def _initial(name: str | None) -> str:
    return names.comparison_key(name or "")[:1]
