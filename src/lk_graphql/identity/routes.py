"""Action pages for the links in mails about a login."""

from lk_graphql.api.action_pages import ActionPage, NextStep, PageTexts
from lk_graphql.kit.cabinet_pages import ActionPath, CabinetPath
from lk_graphql.kit.languages import Language

_SIGN_IN = {
    Language.RU: NextStep("Войти", CabinetPath.SIGN_IN),
    Language.EN: NextStep("Sign in", CabinetPath.SIGN_IN),
}
_PASSWORD_RESET = {
    Language.RU: NextStep("Запросить новую ссылку", CabinetPath.FORGOTTEN_PASSWORD),
    Language.EN: NextStep("Request a new link", CabinetPath.FORGOTTEN_PASSWORD),
}
_HOME = {
    Language.RU: NextStep("Открыть личный кабинет", CabinetPath.HOME),
    Language.EN: NextStep("Open the customer portal", CabinetPath.HOME),
}

ACTION_PAGES = (
    ActionPage(
        ActionPath.ACTIVATION,
        "userActivate",
        {
            Language.RU: PageTexts(
                "Активация учётной записи",
                "Активировать",
                "Готово: учётная запись активирована.",
                then=_SIGN_IN[Language.RU],
                otherwise=NextStep("Войти или запросить новую ссылку", CabinetPath.SIGN_IN),
            ),
            Language.EN: PageTexts(
                "Activate your login",
                "Activate",
                "Done: your login is active.",
                then=_SIGN_IN[Language.EN],
                otherwise=NextStep("Sign in or request a new link", CabinetPath.SIGN_IN),
            ),
        },
    ),
    ActionPage(
        ActionPath.PASSWORD_RESET,
        "passwordReset",
        {
            Language.RU: PageTexts(
                "Новый пароль",
                "Сохранить",
                "Пароль изменён. Войдите с новым паролем.",
                then=_SIGN_IN[Language.RU],
                otherwise=_PASSWORD_RESET[Language.RU],
            ),
            Language.EN: PageTexts(
                "A new password",
                "Save",
                "Done. Sign in with the new password.",
                then=_SIGN_IN[Language.EN],
                otherwise=_PASSWORD_RESET[Language.EN],
            ),
        },
        requires_password=True,
    ),
    ActionPage(
        ActionPath.EMAIL_CONFIRMATION,
        "emailChange",
        {
            Language.RU: PageTexts(
                "Смена адреса электронной почты",
                "Подтвердить",
                "Этот ящик подтверждён. Адрес сменится, когда подтверждены оба.",
                then=_HOME[Language.RU],
                otherwise=_HOME[Language.RU],
            ),
            Language.EN: PageTexts(
                "Change of your e-mail address",
                "Confirm",
                "This mailbox is confirmed. The address changes once both are.",
                then=_HOME[Language.EN],
                otherwise=_HOME[Language.EN],
            ),
        },
    ),
)
