"""What is set for applications for a contract, as dated rows."""

from lk_graphql.exchange.service.records import Column, Records
from lk_graphql.exchange.service.values import DAY, YES_NO, integer, text

APPLICATION_RULES = Records(
    name="application_rules",
    table="application_rule",
    says="What applications for contracts may hold and must show («состав заявки»).",
    columns=(
        Column("from_day", DAY, "The first day on which this holds."),
        Column("most_open", integer(1, 1000), "Undecided applications of one person."),
        Column("most_objects", integer(1, 1000), "Objects of one application."),
        Column("most_documents", integer(1, 1000), "Documents of one application."),
        Column("demands_identity", YES_NO, "Whether who applies has to be shown («паспорт»)."),
        Column("demands_ownership", YES_NO, "Whether the right to the place has to be shown."),
        Column("demands_grid_connection", YES_NO, "Whether the connection to the grid has to be."),
        Column("demands_power_of_attorney", YES_NO, "Whether the power to act for somebody has."),
        Column("reference", text(200), "The law or the order that says so."),
    ),
    key=("from_day",),
    stamp="data_as_of",
)
