"""A few answers told in plain Python over the rows: what both paths share, they can't check."""

from decimal import Decimal
from typing import Any

import orjson

from lk_graphql.kit.ids import to_public
from tests.planner import mini_models as models
from tests.planner.mini_rows import NOW, MiniRows

TODAY = NOW.date().replace(day=21)  # in the company's zone it is the 21st already
ASKED = """{ viewer { email clubs { id members upcoming takings nickname
    events(last: 2) { id fee state weight halfWeight } } } }"""


def rubles(kopecks: int) -> str:
    sign, rest = "-" * (kopecks < 0), abs(kopecks)
    return f"{sign}{rest // 100}.{rest % 100:02}"


async def told(mini_rows: MiniRows, token: str) -> Any:
    """What `ASKED` shows to somebody, by the rows."""
    if token not in mini_rows.tokens[:4]:
        return {"viewer": None}
    person = await models.Person.get(email=f"u{mini_rows.tokens.index(token)}@example.org")
    rows = models.Membership.filter(state="ACTIVE").prefetch_related("club", "person")
    active: list[Any] = await rows
    mine = {one.club.id: one for one in active if one.person.id == person.id}
    clubs = sorted((one.club for one in mine.values()), key=lambda c: (c.title, c.id))
    return {
        "viewer": {
            "email": person.email,
            "clubs": [await of_club(club, active, mine[club.id].nickname) for club in clubs],
        }
    }


async def of_club(club: Any, active: list[Any], nickname: str | None) -> dict[str, Any]:
    events: list[Any] = await models.Event.filter(club_id=club.id)
    events.sort(key=lambda event: (event.held_on, event.id), reverse=True)
    return {
        "id": to_public("clb", club.id),
        "members": sum(one.club.id == club.id for one in active),
        "upcoming": sum(event.held_on > TODAY for event in events),
        "takings": rubles(sum(event.fee for event in events)),
        "nickname": nickname,
        "events": [of_event(event) for event in events[:2]],
    }


def of_event(event: Any) -> dict[str, Any]:
    open_ = "OVERDUE" if event.held_on < TODAY else "DUE"
    return {
        "id": to_public("evt", event.id),
        "fee": rubles(event.fee),
        "state": "PAID" if event.paid >= event.fee else open_,
        "weight": f"{event.weight.quantize(Decimal('0.001')):f}",
        "halfWeight": f"{event.weight.quantize(Decimal('0.001')) / 2:f}",
    }


def as_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)
