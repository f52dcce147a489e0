"""The pages of the documentation site: those of the repository, and a reference of the schema.

`python -m docs.generator FOLDER` writes Markdown; `make docs` makes a site of it (decision 0239).
"""
