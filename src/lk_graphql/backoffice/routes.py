"""The page behind an invitation."""

from lk_graphql.api.landing import Landing, english, russian
from lk_graphql.kit.languages import Language

INVITATION_PAGE = "/staff-password"
"""Where the token of an invitation stands behind `#`; see `identity.jobs.PAGES`."""

LANDINGS = (
    Landing(
        INVITATION_PAGE,
        "staffPasswordSet",
        {
            Language.RU: russian(
                "Пароль сотрудника", "Сохранить", "Пароль сохранён. Войдите с ним и с кодом."
            ),
            Language.EN: english(
                "A password for staff", "Save", "Saved. Sign in with it and with a code."
            ),
        },
        asks_password=True,
    ),
)
