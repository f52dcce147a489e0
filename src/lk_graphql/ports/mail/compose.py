"""Mails out of templates.

A slice has one template per mail and language, `templates/activation.ru.j2`, which is rendered
twice: its words come as HTML or as plain text, whichever `parts` it gets.

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
    """`package` is the slice's, `name` its template's, the rest what stands in braces there.

    Raises jinja2's UndefinedError for a value that the template misses.
    """
    file = f"{name}.{language.code}.j2"
    known = {"company": company, **values}
    words = _environment(package, "txt", language).get_template(file)
    subject = "".join(words.blocks["subject"](words.new_context(known)))
    known["subject"] = " ".join(subject.split())
    return Mail(
        known["subject"],
        _BLANK_LINES.sub("\n\n", words.render(known)).strip() + "\n",
        _environment(package, "html", language).get_template(file).render(known),
        language,
    )


@cache
def _environment(package: str, kind: str, language: Language) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("lk_graphql.ports.mail")]),
        autoescape=kind == "html",  # noqa: S701 - the other kind is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # looking after each file takes as long as rendering
    )
    # globals, as macros that are imported see nothing else
    known: dict[str, Any] = environment.globals
    known |= {
        "language": language.code,
        "layout": f"layout.{kind}.j2",
        "parts": f"parts.{kind}.j2",
    }
    environment.filters["fold"] = _fold
    return environment


def _fold(text: str, indent: str = "") -> str:
    """Into lines of 72 characters; a link stays whole, so that it can be clicked."""
    return textwrap.fill(
        " ".join(text.split()),
        72,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
