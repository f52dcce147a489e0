"""Action pages for the links in mails about a login."""

from lk_graphql.api.action_pages import ActionPage, english, russian
from lk_graphql.kit.cabinet_pages import ActionPath
from lk_graphql.kit.languages import Language

ACTION_PAGES = (
    ActionPage(
        ActionPath.ACTIVATION,
        "userActivate",
        {
            Language.RU: russian(
                "Активация учётной записи", "Активировать", "Готово. Теперь можно войти."
            ),
            Language.EN: english("Activate your login", "Activate", "Done. You can sign in now."),
        },
    ),
    ActionPage(
        ActionPath.PASSWORD_RESET,
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
        ActionPath.EMAIL_CONFIRMATION,
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
