"""Enums, described value by value."""

from lk_graphql.contracts import models
from lk_graphql.contracts.errors import ContractErrorCode
from lk_graphql.contracts.service.gaps import Gap
from lk_graphql.reads.declare import choices

choices(
    models.ApplicationState,
    "How far an application is («статус заявки»).",
    DRAFT="Only you see it, and can change it («черновик»).",
    SUBMITTED="It has a number and waits for somebody («подана»).",
    IN_REVIEW="Somebody looks at it («на рассмотрении»).",
    QUESTION="There is a question for you: `contractApplicationAnswer` («вопрос»).",
    APPROVED="The contract will be made («одобрена»).",
    DECLINED="It won't; `reason` says why («отказано»).",
    WITHDRAWN="You took it back («отозвана»).",
)
choices(
    models.ObjectKind,
    "What is to be supplied («вид объекта»).",
    APARTMENT="A flat («квартира»).",
    HOUSE="A house («жилой дом»).",
    GARAGE="A garage («гараж»).",
    GARDEN="A plot in a gardeners' association («садовый участок»).",
    OTHER="Something else.",
)
choices(
    models.ContractDocumentKind,
    "What a document shows («вид документа»).",
    IDENTITY="Who you are («паспорт»).",
    OWNERSHIP="That the place is yours («право собственности»).",
    GRID_CONNECTION="That it is connected to the grid («акт технологического присоединения»).",
    POWER_OF_ATTORNEY="That you may act for somebody («доверенность»).",
    OTHER="Anything else.",
)
choices(
    models.StepKind,
    "What happened to an application.",
    CREATED="It was begun.",
    SUBMITTED="You submitted it.",
    CLAIMED="Somebody began to look at it.",
    ASKED="A question to you, in `text`.",
    ANSWERED="Your answer, in `text`.",
    APPROVED="Decided, with the reason in `text`.",
    DECLINED="Decided, with the reason in `text`.",
    WITHDRAWN="You took it back.",
)
choices(
    Gap,
    "What is missing until an application can be submitted.",
    OBJECTS="There is no object.",
    ADDRESS="An object's address.",
    KIND="An object's kind.",
    POWER="The power that an object needs.",
    PURPOSE="What an object uses energy for.",
    IDENTITY_DOCUMENT="A document of the kind IDENTITY.",
    OWNERSHIP_DOCUMENT="A document of the kind OWNERSHIP.",
    GRID_CONNECTION_DOCUMENT="A document of the kind GRID_CONNECTION.",
    POWER_OF_ATTORNEY_DOCUMENT="A document of the kind POWER_OF_ATTORNEY.",
)
choices(
    ContractErrorCode,
    "Why something about a contract was refused. Codes never change.",
    APPLICATION_INCOMPLETE="See `missing`.",
    APPLICATION_NOT_FOUND="There is no such application among yours.",
    APPLICATION_TAKEN="A colleague has it. Said to staff only.",
    COLLEAGUE_NOT_FOUND="No such member of staff, or locked out. Said to staff only.",
    DOCUMENT_NOT_FOUND="The application has no such document.",
    OBJECT_INVALID="Too long an address, or a power out of range.",
    STATE_FORBIDS="Not in this state; see `state`.",
    TEXT_INVALID="1 to 2000 characters.",
    TOO_MANY="Open applications, objects or documents: see `publicSettings.contractRules`.",
    UPLOAD_UNUSABLE="The file isn't yours, not READY, or used already.",
    VERSION_OUTDATED="Another window saved first: read the application anew.",
)
