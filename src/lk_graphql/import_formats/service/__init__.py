"""Declarations of the files of the billing system, by subject; the catalogue of all."""
