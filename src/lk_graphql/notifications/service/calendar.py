"""A private calendar of the days that matter: windows, bills, verifications («календарь»).

It names nobody, no address and no account: whoever looks at somebody's calendar learns the days.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event

from lk_graphql.kit.languages import Language
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.signing import Signer, key_of_token, new_nonce
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.errors import CalendarNotFound
from lk_graphql.notifications.models import CalendarFeed

PATH = "/calendar/"
_PURPOSE = "CALENDAR"


class CalendarEventKind(Enum):
    """What a day is there for, in Russian and English."""

    WINDOW_OPENS = ("Начало приёма показаний", "Readings are accepted from today")
    WINDOW_CLOSES = ("Последний день передачи показаний", "Last day to hand in readings")
    PAYMENT = ("Последний день оплаты счёта", "Last day to pay the bill")
    VERIFICATION = ("Срок поверки счётчика", "The meter has to be verified")

    def title(self, language: Language) -> str:
        return self.value[language is Language.EN]


@dataclass(frozen=True)
class CalendarEvent:
    """A day of somebody's calendar; `key` tells it from others of its occasion."""

    kind: CalendarEventKind
    day: date
    key: str


Source = Callable[[UUID, date], Awaitable[Iterable[CalendarEvent]]]
SOURCES = Registry[str, Source]()
"""Days of a person's calendar, given today; registered by later slices, under their names."""


def url(feed: dict[str, str] | None, public_url: str, links: Signer) -> str | None:
    """Where the feed is; `feed` has its id and, as hex digits, its nonce."""
    if feed is None:
        return None
    token = links.sign(_PURPOSE, UUID(feed["id"]), bytes.fromhex(feed["nonce"]))
    return f"{public_url}{PATH}{token}.ics"


async def switch(viewer: Viewer, *, now: datetime, is_on: bool) -> UUID:
    """Give the feed a new address, which ends the old one; or end it. The viewer's key.

    Raises `CalendarNotFound` when there is none to end.
    """
    if is_on:
        feed = await CalendarFeed.get_or_none(user_id=viewer.id) or CalendarFeed(user_id=viewer.id)
        feed.nonce, feed.created_at = new_nonce(), now
        await feed.save()
    elif not await CalendarFeed.filter(user_id=viewer.id).delete():
        raise CalendarNotFound("on")
    return viewer.id


async def find(token: str, links: Signer) -> CalendarFeed | None:
    """The feed of this token, with its user; None also when the user is locked."""
    feeds = CalendarFeed.filter(id=key_of_token(token), user__locked_at__isnull=True)
    feed = await feeds.select_related("user").first()
    if feed is None or not links.verify(token, _PURPOSE, feed.id, feed.nonce):
        return None
    return feed


async def render(feed: CalendarFeed, *, company: str, today: date) -> bytes:
    """As RFC 5545 has it; the same while nothing has changed."""
    language = feed.user.preferred_language
    calendar: Any = Calendar()  # its types are partly unknown, as an event's
    calendar.add("prodid", "-//lk_graphql//calendar//RU")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", company)
    found = {dated for source in SOURCES.values() for dated in await source(feed.user_id, today)}
    for dated in sorted(found, key=lambda one: (one.day, one.kind.name, one.key)):
        calendar.add_component(_event(dated, feed, language))
    return calendar.to_ical()


def _event(calendar_event: CalendarEvent, feed: CalendarFeed, language: Language) -> Any:
    event: Any = Event()
    event.add("uid", f"{calendar_event.kind.name.lower()}-{calendar_event.key}@{feed.id.hex}")
    event.add("summary", calendar_event.kind.title(language))
    event.add("dtstart", calendar_event.day)
    event.add("dtend", calendar_event.day + timedelta(days=1))
    event.add("dtstamp", feed.created_at)
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return event
