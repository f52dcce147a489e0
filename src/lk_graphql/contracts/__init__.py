"""Contracts, and applications for a new one («заявка на заключение договора»)."""
