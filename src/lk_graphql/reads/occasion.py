"""Who reads, when and in which language: what a value may depend on besides its row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Staff, Viewer
from lk_graphql.reads.asking import Asking

TODAY, VIEWER, SESSION, STAFF, NOW = "today", "viewer", "session", "staff", "now"
OFFERED = frozenset({TODAY, VIEWER, SESSION, STAFF, NOW, "language", "on_duty"})
"""What declarations may name besides columns; expressions in SQL know no language, no `on_duty`."""
NOW_IN_SQL = "$2::timestamptz"
"""Every statement's second parameter."""


@dataclass(frozen=True)
class Occasion:
    """`today` is the day in the company's zone; `extras` are what the app lends, by name."""

    viewer: Viewer | None
    now: datetime
    today: date
    language: Language = Language.RU
    extras: Mapping[str, object] = field(default_factory=dict[str, object])
    staff: Staff | None = None

    @property
    def asking(self) -> Asking:
        return Asking(self.viewer, self.staff)

    def known(self) -> Mapping[str, object]:
        """Everything under the names that functions of declarations use."""
        return {
            **self.extras,
            VIEWER: self.viewer and self.viewer.id,
            SESSION: self.viewer and self.viewer.session_id,
            STAFF: self.staff and self.staff.id,
            TODAY: self.today,
            NOW: self.now,
            "language": self.language,
            "on_duty": self.staff,
        }
