"""Expected answers in plain Python: an oracle for the code that both paths share."""

from decimal import Decimal
from typing import Any

import orjson

from lk_graphql.kit.ids import to_public
from tests.planner import mini_models as models
from tests.planner.mini_rows import NOW, MiniRows

TODAY = NOW.date().replace(day=21)  # already the 21st in the company's zone
QUERY = """{ viewer { email clubs { id members upcoming takings nickname
    events(first: 2) { id fee state weight halfWeight } } } }"""


def rubles(kopecks: int) -> str:
    sign, absolute = "-" * (kopecks < 0), abs(kopecks)
    return f"{sign}{absolute // 100}.{absolute % 100:02}"


async def expected_answer(mini_rows: MiniRows, token: str) -> Any:
    """The expected answer to `QUERY`, computed from the rows."""
    if token not in mini_rows.tokens[:4]:
        return {"viewer": None}
    person = await models.Person.get(email=f"u{mini_rows.tokens.index(token)}@example.org")
    rows = models.Membership.filter(state="ACTIVE").prefetch_related("club", "person")
    memberships: list[Any] = await rows
    memberships_by_club = {
        membership.club.id: membership
        for membership in memberships
        if membership.person.id == person.id
    }
    clubs = sorted(
        (membership.club for membership in memberships_by_club.values()),
        key=lambda club: (club.title, club.id),
    )
    return {
        "viewer": {
            "email": person.email,
            "clubs": [
                await expected_club(club, memberships, memberships_by_club[club.id].nickname)
                for club in clubs
            ],
        }
    }


async def expected_club(club: Any, memberships: list[Any], nickname: str | None) -> dict[str, Any]:
    rows: list[Any] = await models.Event.filter(club_id=club.id)
    events = [event for event in rows if models.is_announced(club.is_open, event.held_on)]
    events.sort(key=lambda event: (event.held_on, event.id), reverse=True)
    return {
        "id": to_public("clb", club.id),
        "members": sum(membership.club.id == club.id for membership in memberships),
        "upcoming": sum(event.held_on > TODAY for event in events),
        "takings": rubles(sum(event.fee for event in events)),
        "nickname": nickname,
        "events": [expected_event(event) for event in events[:2]],
    }


def expected_event(event: Any) -> dict[str, Any]:
    open_ = "OVERDUE" if event.held_on < TODAY else "DUE"
    return {
        "id": to_public("evt", event.id),
        "fee": rubles(event.fee),
        "state": "PAID" if event.paid >= event.fee else open_,
        "weight": trimmed(event.weight.quantize(Decimal("0.001"))),
        "halfWeight": trimmed(event.weight.quantize(Decimal("0.001")) / 2),
    }


def trimmed(quantity: Decimal) -> str:
    """Without zeros at its end, as `Quantity` is written."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)
