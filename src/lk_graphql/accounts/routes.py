"""Action page of the link in a mail about a new account link."""

from lk_graphql.api.action_pages import ActionPage, english, russian
from lk_graphql.kit.cabinet_pages import ActionPath
from lk_graphql.kit.languages import Language

ACTION_PAGES = (
    ActionPage(
        ActionPath.ACCOUNT_LINK_UNDO,
        "accountLinkUndo",
        {
            Language.RU: russian(
                "Чужой доступ к вашему лицевому счёту",
                "Закрыть доступ",
                "Доступ закрыт. Его откроет снова только наш специалист.",
            ),
            Language.EN: english(
                "Somebody else’s access to your account",
                "Close the access",
                "Closed. Only our staff can open it again.",
            ),
        },
    ),
)
