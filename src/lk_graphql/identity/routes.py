"""Action pages for the links in mails about a login."""

from lk_graphql.api.action_pages import ActionPage, english, russian
from lk_graphql.identity.jobs import PAGES
from lk_graphql.identity.models import LinkPurpose
from lk_graphql.kit.languages import Language

ACTION_PAGES = (
    ActionPage(
        PAGES[LinkPurpose.ACTIVATION],
        "userActivate",
        {
            Language.RU: russian(
                "Активация учётной записи", "Активировать", "Готово. Теперь можно войти."
            ),
            Language.EN: english("Activate your login", "Activate", "Done. You can sign in now."),
        },
    ),
    ActionPage(
        PAGES[LinkPurpose.PASSWORD_RESET],
        "passwordReset",
        {
            Language.RU: russian(
                "Новый пароль", "Сохранить", "Пароль изменён. Войдите с новым паролем."
            ),
            Language.EN: english("A new password", "Save", "Done. Sign in with the new password."),
        },
        requires_password=True,
    ),
    ActionPage(
        PAGES[LinkPurpose.EMAIL_CHANGE_NEW],
        "emailChange",
        {
            Language.RU: russian(
                "Смена адреса электронной почты",
                "Подтвердить",
                "Этот ящик подтверждён. Адрес сменится, когда подтверждены оба.",
            ),
            Language.EN: english(
                "Change of your e-mail address",
                "Confirm",
                "This mailbox is confirmed. The address changes once both are.",
            ),
        },
    ),
)
