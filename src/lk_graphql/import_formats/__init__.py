"""Formats of import files: their columns, references and checks, by kind of import."""
