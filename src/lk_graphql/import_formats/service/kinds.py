"""Kinds of import, of changes that stop one, and of billing's answers."""

from enum import StrEnum


class ImportKind(StrEnum):
    """Kinds of import; the values are the arguments of `lk import`."""

    ACCOUNTS = "ACCOUNTS"
    METERS = "METERS"
    READINGS = "READINGS"
    INVOICES = "INVOICES"
    PAYMENTS = "PAYMENTS"
    TARIFFS = "TARIFFS"
    RULES = "RULES"
    APPEALS = "APPEALS"


class ImportChangeKind(StrEnum):
    """Kinds of changes by which customers lose something, counted by linked accounts."""

    HOLDER_CHANGED = "HOLDER_CHANGED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    METERS_REMOVED = "METERS_REMOVED"
    READING_CHANGED = "READING_CHANGED"
    READING_REJECTED = "READING_REJECTED"
    BILL_CANCELLED = "BILL_CANCELLED"
    BILL_CHANGED = "BILL_CHANGED"
    BALANCE_CLEARED = "BALANCE_CLEARED"
    PAYMENT_MOVED = "PAYMENT_MOVED"


class Answer(StrEnum):
    """Billing's answer to an exported row."""

    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
