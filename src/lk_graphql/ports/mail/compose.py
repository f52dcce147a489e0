"""Composes mails from templates.

A slice has one template per mail and language, `templates/activation.ru.j2`, which is rendered
twice, as HTML and as plain text, with different `parts`.

    {% extends layout %}
    {% from parts import paragraph, button, note %}
    {% block subject %}Подтвердите адрес{% endblock %}
    {% block body %}
    {% call paragraph() %}Здравствуйте, {{ name }}!{% endcall %}
    {{ button("Подтвердить", url) }}
    {% call note() %}Ссылка действует сутки.{% endcall %}
    {% endblock %}
"""

import re
import textwrap
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.ports.mail.message import Mail

_BLANK_LINES = re.compile(r"\n{3,}")


def compose(
    package: str, name: str, language: Language, /, *, company: Company, **values: object
) -> Mail:
    """Render the mail `name` of a package's templates; `values` are the template's variables.

    Raises jinja2's UndefinedError for a missing variable.
    """
    file = f"{name}.{language.code}.j2"
    variables = {"company": company, **values}
    template = _environment(package, "txt", language).get_template(file)
    subject = "".join(template.blocks["subject"](template.new_context(variables)))
    variables["subject"] = " ".join(subject.split())
    text = _BLANK_LINES.sub("\n\n", template.render(variables)).strip() + "\n"
    variables["preheader"] = _preheader(text)
    return Mail(
        variables["subject"],
        text,
        _environment(package, "html", language).get_template(file).render(variables),
        language,
    )


def _preheader(text: str) -> str:
    """The first paragraph after name and greeting, which lists of mails show beside the subject."""
    paragraphs = text.split("\n\n", 3)
    return " ".join(paragraphs[2].split()) if len(paragraphs) > 2 else ""


@cache
def _environment(package: str, kind: str, language: Language) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("lk_graphql.ports.mail")]),
        autoescape=kind == "html",  # noqa: S701 - the other kind is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # checking the files takes as long as rendering
    )
    # globals, because imported macros see no other variables
    variables: dict[str, Any] = environment.globals
    variables |= {
        "language": language.code,
        "layout": f"layout.{kind}.j2",
        "parts": f"parts.{kind}.j2",
    }
    environment.filters["fold"] = _fold
    return environment


def _fold(text: str, indent: str = "") -> str:
    """Wrap at 72 characters, without breaking links."""
    return textwrap.fill(
        " ".join(text.split()),
        72,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
