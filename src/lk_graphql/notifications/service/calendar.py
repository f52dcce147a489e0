"""Private calendar feeds: reading windows, payment days, verifications («календарь»).

Other people may see a user's calendar, so a feed contains no name, address or amount, and of an
account's number only the last four digits.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from icalendar import Alarm, Calendar, Event
from tortoise.transactions import in_transaction

from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit.cabinet_pages import object_link
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.signing import Signer, key_of_token, new_nonce
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.errors import CalendarNotFound
from lk_graphql.notifications.models import CalendarFeed

PATH = "/calendar/"
_PURPOSE = "CALENDAR"


class CalendarEventKind(Enum):
    """The kind of an event: its title and its advice, each in Russian and English."""

    WINDOW_OPENS = (
        "Начало приёма показаний",
        "Readings are accepted from today",
        "Показания можно передать в личном кабинете.",
        "Submit the readings in the customer portal.",
    )
    WINDOW_CLOSES = (
        "Последний день передачи показаний",
        "Last day to submit readings",
        "Без показаний объём за месяц будет расчётным.",
        "Without readings the month’s volume will be estimated.",
    )
    PAYMENT = (
        "Последний день оплаты квитанции",
        "Last day to pay the bill",
        "Сумма и оплата — в личном кабинете.",
        "See the amount and pay in the customer portal.",
    )
    VERIFICATION = (
        "Срок поверки счётчика",
        "The meter has to be verified",
        "После этого дня показания счётчика не учитываются, пока он не поверен.",
        "After this day its readings don’t count until it is verified.",
    )

    def title(self, language: Language) -> str:
        return self.value[language is Language.EN]

    def advice(self, language: Language) -> str:
        return self.value[2 + (language is Language.EN)]


_PAGES = {CalendarEventKind.PAYMENT: "inv", CalendarEventKind.VERIFICATION: "mtr"}
"""The id prefix of the object of an event; the key of the event is the object's key."""
_MORNING_BEFORE = timedelta(hours=-14)
"""Ten in the morning of the day before an event, which lasts a whole day."""
_ALARMS = {
    CalendarEventKind.WINDOW_CLOSES: _MORNING_BEFORE,
    CalendarEventKind.PAYMENT: _MORNING_BEFORE,
    CalendarEventKind.VERIFICATION: _MORNING_BEFORE - timedelta(days=13),
}


@dataclass(frozen=True)
class CalendarEvent:
    """An event of a user's calendar; `key` is unique among the events of its kind.

    `account` is the number of the account that it is about.
    """

    kind: CalendarEventKind
    day: date
    key: str
    account: str = ""


Source = Callable[[UUID, date], Awaitable[Iterable[CalendarEvent]]]
CALENDAR_SOURCES = Registry[str, Source]()
"""Sources of a user's events, called with the current day; registered by later slices."""


def url(feed: dict[str, str] | None, public_url: str, signer: Signer) -> str | None:
    """The URL of a feed; `feed` has its id and, as hex digits, its nonce."""
    if feed is None:
        return None
    token = signer.sign(_PURPOSE, UUID(feed["id"]), bytes.fromhex(feed["nonce"]))
    return f"{public_url}{PATH}{token}.ics"


async def switch(viewer: Viewer, *, now: datetime, is_on: bool) -> None:
    """Give the feed a new address, which invalidates the old one, or delete the feed.

    Raises `CalendarNotFound` when there is no feed to delete, and `NotSignedIn`.
    """
    async with in_transaction():
        await lock_own(viewer)  # two calls at once would both insert a row
        await _switch(viewer, now, is_on=is_on)


async def _switch(viewer: Viewer, now: datetime, *, is_on: bool) -> None:
    if is_on:
        feed = await CalendarFeed.get_or_none(user_id=viewer.id) or CalendarFeed(user_id=viewer.id)
        feed.nonce, feed.created_at = new_nonce(), now
        await feed.save()
    elif not await CalendarFeed.filter(user_id=viewer.id).delete():
        raise CalendarNotFound("on")


async def find(token: str, signer: Signer) -> CalendarFeed | None:
    """The feed of a token, with its user; None also when the user is locked."""
    feeds = CalendarFeed.filter(id=key_of_token(token), user__locked_at__isnull=True)
    feed = await feeds.select_related("user").first()
    if feed is None or not signer.verify(token, _PURPOSE, feed.id, feed.nonce):
        return None
    return feed


def webcal(url: str | None) -> str | None:
    """The address by which a program subscribes to a feed instead of loading it once."""
    return url and f"webcal://{url.partition('://')[2]}"


async def render(feed: CalendarFeed, *, company: Company, today: date) -> bytes:
    """The feed as iCalendar (RFC 5545); byte-identical until an event changes."""
    calendar: Any = Calendar()  # icalendar's types are partly unknown
    calendar.add("prodid", "-//lk_graphql//calendar//RU")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", company.name)
    events = {
        event for source in CALENDAR_SOURCES.values() for event in await source(feed.user_id, today)
    }
    for event in sorted(events, key=lambda event: (event.day, event.kind.name, event.key)):
        calendar.add_component(_component(event, feed, company))
    return calendar.to_ical()


def _component(event: CalendarEvent, feed: CalendarFeed, company: Company) -> Any:
    language = feed.user.preferred_language
    account = _account(event.account, language)
    page = _page(event, company)
    component: Any = Event()
    component.add("uid", f"{event.kind.name.lower()}-{event.key}@{feed.id.hex}")
    component.add("summary", ", ".join(filter(None, (event.kind.title(language), account))))
    component.add("description", f"{event.kind.advice(language)}\n{page}")
    component.add("url", page)
    component.add("dtstart", event.day)
    component.add("dtend", event.day + timedelta(days=1))
    component.add("dtstamp", feed.created_at)
    component.add("transp", "TRANSPARENT")  # the user stays available
    if before := _ALARMS.get(event.kind):
        alarm: Any = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", component["summary"])
        alarm.add("trigger", before)
        component.add_component(alarm)
    return component


def _account(number: str, language: Language) -> str:
    """The last digits of the account's number, which distinguish a user's accounts."""
    return number and f"{'account' if language is Language.EN else 'л/с'} …{number[-4:]}"


def _page(event: CalendarEvent, company: Company) -> str:
    """The page of the event's subject, or the cabinet's home."""
    prefix = _PAGES.get(event.kind)
    return object_link(company, prefix, UUID(event.key) if prefix else None)
