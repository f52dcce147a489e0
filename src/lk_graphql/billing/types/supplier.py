"""Whom customers pay, as clients see it."""

from lk_graphql.billing import models
from lk_graphql.reads.declare import PUBLIC, column, reads


@reads(models.Supplier, owned_through=PUBLIC)
class Supplier:
    """The supplier and its bank account («исполнитель, получатель платежа»)."""

    name: str = column("The full name («наименование получателя»).")
    inn: str = column("The taxpayer's number («ИНН»).")
    kpp: str | None = column("The «КПП»; null for a sole trader.")
    ogrn: str = column("The register's number («ОГРН»).")
    bank_name: str = column("The bank («банк получателя»).")
    bic: str = column("The bank's code («БИК»).")
    bank_account: str = column("The account to pay into («расчётный счёт»).", of="account")
    correspondent_account: str = column(
        "The bank's own account («корр. счёт»); `0` where it has none."
    )
    address: str = column("Where it sits.")
    phone: str = column("Its telephone.")
    emergency_phone: str | None = column("Whom to call without light («аварийная служба»).")
    email: str | None = column("Its e-mail.")
    site: str | None = column("Its site.")
    office_hours: str = column("When its offices are open, as it is printed («часы приёма»).")
