"""Change of an account's holder by the billing system, and its effect on the links."""

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
        """Return True if only the spelling differs: ё for е, a name in place of an initial."""
        return surname_key(self.last_name) == holder.surname_key and all(
            _initial(name) == _initial(recorded)
            for name, recorded in (
                (self.first_name, holder.first_name),
                (self.patronymic, holder.patronymic),
            )
        )


async def change_holder(account_id: UUID, name: HolderName, *, since: date, now: datetime) -> bool:
    """Record the holder of a contract; return True if it is another person than before.

    A new person suspends every link of the account until staff decide, with a mail to each user:
    otherwise the former owner of a flat would go on seeing the new owner's bills.
    """
    async with in_transaction():
        await lock_account(account_id)
        current = await Holder.get_or_none(account_id=account_id, until=None)
        if current is not None and name.is_same_as(current):
            await _update_spelling(current, name)
            return False
        if current is not None:
            current.until = max(since, current.since)
            await current.save(update_fields=["until"])
        await _create(account_id, name, since)
        await _suspend_all(account_id, now=now)
    return True


async def _create(account_id: UUID, name: HolderName, since: date) -> None:
    await Holder.create(
        account_id=account_id,
        last_name=name.last_name,
        first_name=name.first_name,
        patronymic=name.patronymic,
        surname_key=surname_key(name.last_name),
        since=since,
    )


async def _update_spelling(holder: Holder, name: HolderName) -> None:
    holder.last_name, holder.first_name = name.last_name, name.first_name
    holder.patronymic = name.patronymic
    await holder.save(update_fields=["last_name", "first_name", "patronymic"])


async def _suspend_all(account_id: UUID, *, now: datetime) -> None:
    kind = LinkEventKind.SUSPENDED_BY_NEW_HOLDER
    links = AccountLink.filter(account_id=account_id, state=LinkState.ACTIVE)
    # The owner last: otherwise each suspended owner would be succeeded by the next member.
    for link in await links.order_by("role"):
        await suspend(link, kind, by=None, client=None, now=now)
        await enqueue("accounts.mail_suspended", link_id=link.id)


def _initial(name: str | None) -> str:
    return names.comparison_key(name or "")[:1]
