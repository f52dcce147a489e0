"""What staff do with contract applications: the slice's own rules, with the act in the log."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import acts
from lk_graphql.backoffice.service.acts import Doing
from lk_graphql.contracts.errors import ColleagueNotFound, NoSuchApplication
from lk_graphql.contracts.service import desk


async def claim(doing: Doing) -> UUID:
    """Take it. Raises as `desk.claim`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_CLAIMED
    return await _noted(act, doing, lambda key: desk.claim(staff, key, now=now))


async def ask(doing: Doing, text: str) -> UUID:
    """Ask the customer. Raises as `desk.ask`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_ASKED
    return await _noted(act, doing, lambda key: desk.ask(staff, key, text, now=now))


async def decide(doing: Doing, *, is_approved: bool, reason: str) -> UUID:
    """Approve or decline. Raises as `desk.decide`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_APPROVED if is_approved else Act.APPLICATION_DECLINED
    return await _noted(
        act,
        doing,
        lambda key: desk.decide(staff, key, is_approved=is_approved, typed=reason, now=now),
    )


async def transfer(doing: Doing, *, to: UUID | None) -> UUID:
    """Hand it over. Raises as `desk.transfer`, and `ColleagueNotFound`."""
    if to is not None and not await acts.is_colleague(to):
        raise ColleagueNotFound("memberId")
    act = Act.APPLICATION_TRANSFERRED
    return await _noted(act, doing, lambda key: desk.transfer(key, to=to, now=doing.now))


async def note(doing: Doing, text: str) -> UUID:
    """Tell colleagues something. Raises as `desk.write_note`."""
    staff, now = doing.staff, doing.now
    act = Act.APPLICATION_NOTED
    return await _noted(act, doing, lambda key: desk.write_note(staff, key, text, now=now))


async def _noted(act: Act, doing: Doing, work: Callable[[UUID], Awaitable[None]]) -> UUID:
    missing = NoSuchApplication("applicationId")
    return await acts.noted(act, "contract_application", doing, work, missing=missing)
