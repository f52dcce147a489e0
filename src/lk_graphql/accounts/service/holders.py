"""Change of an account's holder by the billing system, and its effect on links and visibility."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import AccountLink, Holder, LinkEventKind, LinkState
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.links import lock_account, suspend
from lk_graphql.database import raw_sql
from lk_graphql.kit import names
from lk_graphql.ports.jobs import enqueue

_SET_VISIBLE_DAYS = """
UPDATE account SET visible_days =
    (SELECT range_agg(daterange(since, until)) FROM holder WHERE id = ANY($2))
WHERE id = $1
"""


@dataclass(frozen=True)
class HolderName:
    """A person as the billing system writes them; first names may be initials.

    A missing patronymic may be one that the system doesn't send.
    """

    last_name: str
    first_name: str
    patronymic: str | None

    def is_same_as(self, holder: Holder) -> bool:
        """Return True if only the spelling differs: ё for е, a name in place of an initial.

        Full names are compared in full: a son may have his father's initials. A patronymic that
        only one of the two has isn't compared. The relation is symmetric, but not transitive.
        """
        if surname_key(self.last_name) != holder.surname_key:
            return False
        first_name, patronymic = _split_initials(self.first_name, self.patronymic)
        known_first_name, known = _split_initials(holder.first_name, holder.patronymic)
        return _is_spelling_of(first_name, known_first_name) and (
            not patronymic or not known or _is_spelling_of(patronymic, known)
        )


async def change_holder(
    account_id: UUID, name: HolderName, *, since: date | None, default_since: date, now: datetime
) -> bool:
    """Record the holder of a contract; return True if it is another person than before.

    If the person changes, every link of the account is suspended until staff decide, and each user
    gets a mail: otherwise the former owner of a flat would see the new owner's bills. For the same
    person, another `since` corrects the day. Another person without one begins on `default_since`.
    """
    async with in_transaction():
        await lock_account(account_id)
        current = await Holder.get_or_none(account_id=account_id, until=None)
        is_new = current is None or not name.is_same_as(current)
        if current is not None and not is_new:
            await _correct(current, name, since)
        else:
            first_day = since or default_since
            if current is not None:
                current.until = max(first_day, current.since)
                await current.save(update_fields=["until"])
            await _create(account_id, name, first_day)
        await _set_periods(account_id)
        if is_new:
            await _suspend_all(account_id, now=now)
    return is_new


async def record_household(account_id: UUID) -> Holder | None:
    """Record that the present holder and the one before are one household.

    Customers then see the days of both. The holder before is the last one who isn't in the
    household yet. Returns None if there is none. Needs a transaction.
    """
    await lock_account(account_id)
    holders = await _holders(account_id)
    current = holders[-1] if holders else None
    earlier = [
        holder
        for holder in holders
        if holder.until and holder.since < holder.until and holder.id not in household(holders)
    ]
    if current is None or not earlier:
        return None
    current.household_id = earlier[-1].id
    await current.save(update_fields=["household_id"])
    await _set_visible_days(account_id)
    return earlier[-1]


async def revoke_household(account_id: UUID) -> bool:
    """Revoke the record of the present holder's household; False if there is none.

    Needs a transaction.
    """
    await lock_account(account_id)
    holders = Holder.filter(account_id=account_id, until=None).exclude(household_id=None)
    is_revoked = await holders.update(household_id=None) > 0
    if is_revoked:
        await _set_visible_days(account_id)
    return is_revoked


def household(holders: Sequence[Holder]) -> set[UUID]:
    """The keys of the rows that are the present holder's own or their household's.

    A holder who returns has several rows. These are compared with the present holder, or with one
    whom a record joins, but not with each other: «И. И.» may be Иван of one row and Игорь of
    another.
    """
    family = [holder for holder in holders if holder.until is None]
    while True:
        keys = {one.id for one in holders if any(_is_same_person(one, other) for other in family)}
        recorded = {holder.household_id for holder in holders if holder.id in keys}
        joined = [
            holder
            for holder in holders
            if holder in family or holder.id in recorded or holder.household_id in keys
        ]
        if len(joined) == len(family):
            return keys
        family = joined


async def _holders(account_id: UUID) -> list[Holder]:
    """All holders of an account in the order of their time, the present one last."""
    holders = await Holder.filter(account_id=account_id)
    return sorted(holders, key=lambda holder: (holder.until or date.max, holder.since, holder.id))


async def _create(account_id: UUID, name: HolderName, since: date) -> None:
    await Holder.create(
        account_id=account_id,
        last_name=name.last_name,
        first_name=name.first_name,
        patronymic=name.patronymic,
        surname_key=surname_key(name.last_name),
        since=since,
    )


async def _correct(holder: Holder, name: HolderName, since: date | None) -> None:
    holder.last_name, holder.first_name = name.last_name, name.first_name
    holder.patronymic, holder.since = name.patronymic or holder.patronymic, since or holder.since
    await holder.save(update_fields=["last_name", "first_name", "patronymic", "since"])


async def _set_periods(account_id: UUID) -> None:
    """End each earlier holder's time where a later one's begins."""
    holders = await _holders(account_id)
    for holder, until in zip(holders, _ends(holders), strict=True):
        if holder.until != until:
            holder.until = until
            await holder.save(update_fields=["until"])
    await _set_visible_days(account_id)


def _ends(holders: Sequence[Holder]) -> Iterable[date | None]:
    """The end of each holder's time, exclusive; the first day itself if a later record replaces it.

    A holder who was recorded later takes precedence from their first day on.
    """
    ends, bound = list[date | None](), None
    for holder in reversed(holders):
        ends.append(bound and max(bound, holder.since))
        bound = min(bound or holder.since, holder.since)
    return reversed(ends)


async def _set_visible_days(account_id: UUID) -> None:
    keys = household(await _holders(account_id))
    await raw_sql.fetch(_SET_VISIBLE_DAYS, account_id, [*keys])


async def _suspend_all(account_id: UUID, *, now: datetime) -> None:
    kind = LinkEventKind.SUSPENDED_BY_NEW_HOLDER
    links = AccountLink.filter(account_id=account_id, state=LinkState.ACTIVE)
    # The owner last: otherwise each suspended owner would be succeeded by the next member.
    for link in await links.order_by("role"):
        await suspend(link, kind, by=None, client=None, now=now)
        await enqueue("accounts.mail_suspended", link_id=link.id)


def _is_same_person(one: Holder, other: Holder) -> bool:
    return HolderName(one.last_name, one.first_name, one.patronymic).is_same_as(other)


def _split_initials(first_name: str, patronymic: str | None) -> tuple[str, str]:
    """First name and patronymic, whose initials may both be written as a first name («П. С.»)."""
    initial, *rest = re.split("[. ]+", first_name.strip(), maxsplit=1)
    return first_name, patronymic or (rest[0] if rest and len(initial) == 1 else "")


def _is_spelling_of(one: str, other: str) -> bool:
    """Whether two names are the same, or one of them is the other's initial."""
    if _is_initial(one) or _is_initial(other):
        return _initial(one) == _initial(other)
    return names.comparison_key(one) == names.comparison_key(other)


def _is_initial(name: str) -> bool:
    """Whether a first name is an initial, maybe with that of the patronymic («П. С.»)."""
    return len(re.split("[. ]", name.strip())[0]) <= 1


def _initial(name: str) -> str:
    return names.comparison_key(name)[:1]
