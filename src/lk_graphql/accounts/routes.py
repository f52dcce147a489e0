"""Action page of the link in a mail about a new account link."""

from lk_graphql.api.action_pages import ActionPage, NextStep, PageTexts
from lk_graphql.kit.cabinet_pages import ActionPath, CabinetPath
from lk_graphql.kit.languages import Language

_HOME_RU = NextStep("Открыть личный кабинет", CabinetPath.HOME)
_HOME_EN = NextStep("Open the customer portal", CabinetPath.HOME)

ACTION_PAGES = (
    ActionPage(
        ActionPath.ACCOUNT_LINK_UNDO,
        "accountLinkUndo",
        {
            Language.RU: PageTexts(
                "Чужой доступ к вашему лицевому счёту",
                "Закрыть доступ",
                "Доступ закрыт. Его откроет снова только наш специалист.",
                then=_HOME_RU,
                otherwise=_HOME_RU,
                question="Закрыть этому пользователю доступ к лицевому счёту? Он сразу перестанет"
                " видеть квитанции, показания и баланс.",
                facts={
                    "accountNumber": "Лицевой счёт",
                    "maskedEmail": "Кто подключил",
                    "linkedAt": "Когда",
                },
            ),
            Language.EN: PageTexts(
                "Somebody else’s access to your account",
                "Close the access",
                "Closed. Only our staff can open it again.",
                then=_HOME_EN,
                otherwise=_HOME_EN,
                question="Close this person’s access to the account? They will no longer see its"
                " bills, readings and balance, from now on.",
                facts={
                    "accountNumber": "Account",
                    "maskedEmail": "Linked by",
                    "linkedAt": "When",
                },
            ),
        },
        preview="accountLinkUndoPreview",
    ),
)
