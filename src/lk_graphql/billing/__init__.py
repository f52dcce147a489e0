"""Tariffs, invoices and their lines («счета», «квитанции»)."""
