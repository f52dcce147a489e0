"""Private calendar feeds: reading windows, payment days, verifications («календарь»).

A feed has no name, address or account number, because other people may see a user's calendar.
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
    """The kind of an event, with its title in Russian and English."""

    WINDOW_OPENS = ("Начало приёма показаний", "Readings are accepted from today")
    WINDOW_CLOSES = ("Последний день передачи показаний", "Last day to hand in readings")
    PAYMENT = ("Последний день оплаты счёта", "Last day to pay the bill")
    VERIFICATION = ("Срок поверки счётчика", "The meter has to be verified")

    def title(self, language: Language) -> str:
        return self.value[language is Language.EN]


@dataclass(frozen=True)
class CalendarEvent:
    """An event of a user's calendar; `key` is unique among the events of its kind."""

    kind: CalendarEventKind
    day: date
    key: str


Source = Callable[[UUID, date], Awaitable[Iterable[CalendarEvent]]]
SOURCES = Registry[str, Source]()
"""Sources of a user's events, called with the current day; registered by later slices."""


def url(feed: dict[str, str] | None, public_url: str, links: Signer) -> str | None:
    """The URL of a feed; `feed` has its id and, as hex digits, its nonce."""
    if feed is None:
        return None
    token = links.sign(_PURPOSE, UUID(feed["id"]), bytes.fromhex(feed["nonce"]))
    return f"{public_url}{PATH}{token}.ics"


async def switch(viewer: Viewer, *, now: datetime, is_on: bool) -> UUID:
    """Give the feed a new address, which invalidates the old one, or delete the feed.

    Returns the viewer's key. Raises `CalendarNotFound` when there is no feed to delete.
    """
    if is_on:
        feed = await CalendarFeed.get_or_none(user_id=viewer.id) or CalendarFeed(user_id=viewer.id)
        feed.nonce, feed.created_at = new_nonce(), now
        await feed.save()
    elif not await CalendarFeed.filter(user_id=viewer.id).delete():
        raise CalendarNotFound("on")
    return viewer.id


async def find(token: str, links: Signer) -> CalendarFeed | None:
    """The feed of a token, with its user; None also when the user is locked."""
    feeds = CalendarFeed.filter(id=key_of_token(token), user__locked_at__isnull=True)
    feed = await feeds.select_related("user").first()
    if feed is None or not links.verify(token, _PURPOSE, feed.id, feed.nonce):
        return None
    return feed


async def render(feed: CalendarFeed, *, company: str, today: date) -> bytes:
    """The feed as iCalendar (RFC 5545); byte-identical until an event changes."""
    language = feed.user.preferred_language
    calendar: Any = Calendar()  # icalendar's types are partly unknown
    calendar.add("prodid", "-//lk_graphql//calendar//RU")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", company)
    events = {event for source in SOURCES.values() for event in await source(feed.user_id, today)}
    for event in sorted(events, key=lambda event: (event.day, event.kind.name, event.key)):
        calendar.add_component(_component(event, feed, language))
    return calendar.to_ical()


def _component(event: CalendarEvent, feed: CalendarFeed, language: Language) -> Any:
    component: Any = Event()
    component.add("uid", f"{event.kind.name.lower()}-{event.key}@{feed.id.hex}")
    component.add("summary", event.kind.title(language))
    component.add("dtstart", event.day)
    component.add("dtend", event.day + timedelta(days=1))
    component.add("dtstamp", feed.created_at)
    component.add("transp", "TRANSPARENT")  # the user stays available
    return component
