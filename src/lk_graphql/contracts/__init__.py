"""Contracts and applications for a contract («заявка на заключение договора»)."""
