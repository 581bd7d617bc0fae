"""Which language the terminal speaks, and the help of every command in it."""

from __future__ import annotations

import copy
import gettext
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from inspect import cleandoc
from typing import Any, NoReturn

import click

from faqbot.errors import SettingsError
from faqbot.language import LANGUAGES, LOCALE_FOLDER, Language, Text, _, translated

_PROGRAM, _CLICK = "faqbot", "click"
_FULL_STOP = re.compile(r"。|\.(?=\s|$)")


def terminal_language(environ: Mapping[str, str] = os.environ) -> Language:
    """`FAQBOT_LANGUAGE`, else the locale of the terminal where we speak it, else English.

    Raises:
        SettingsError: `FAQBOT_LANGUAGE` names a language that we do not speak.
    """
    named = environ.get("FAQBOT_LANGUAGE", "")
    if named:
        language = _known(named)
        if language is None:
            raise SettingsError(
                _("FAQBOT_LANGUAGE is '{named}'; set it to one of {known}.", named=named, known=LANGUAGES)
            )
        return language
    # The first that is set decides, as everywhere in POSIX.
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    return _known(locale) or "en"


def _known(locale: str) -> Language | None:
    name = locale.casefold()
    return next((known for known in LANGUAGES if name[:2] == known and not name[2:3].isalpha()), None)


def spoken(line: str) -> str:
    """A line in the language of the terminal."""
    return translated(line, terminal_language())


def say(line: str) -> None:
    """A line for people, on stderr: stdout holds the result alone."""
    click.echo(spoken(line), err=True)


def show(*lines: str) -> None:
    """Lines of the result for people, on stdout."""
    for line in lines:
        click.echo(spoken(line))


def padded(text: str, width: int) -> str:
    """A text in the language of the terminal, with spaces after it up to so many columns."""
    import wcwidth  # Here and below: thirty modules that serving needs nothing of.

    return wcwidth.ljust(spoken(text), width)


def give_up(sentence: str) -> NoReturn:
    """End a command that is refused: one line on stderr, exit code 1."""
    click.echo(f"{_PROGRAM}: {spoken(sentence)}", err=True)
    sys.exit(1)


class SpokenGroup(click.Group):
    """The root of the commands: whatever it shows is in the language of the terminal."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Run, with click's own words and the help of every command in the language."""
        try:
            language = terminal_language()
        except SettingsError as error:
            click.echo(f"{_PROGRAM}: {error}", err=True)
            sys.exit(1)
        with _clicks_words_in(language):
            return click.Group.main(in_language(self, language), *args, **kwargs)


def help_texts(command: click.Command) -> Iterator[str]:
    """The help of a command, of its options, and of the commands below it."""
    yield cleandoc(command.help or "")
    yield from (parameter.help or "" for parameter in command.params if isinstance(parameter, click.Option))
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from help_texts(below)


def in_language(command: click.Command, language: Language) -> click.Command:
    """A copy of a command, of its options and of the commands below it, whose help is in a language."""
    said = copy.copy(command)
    said.params = [copy.copy(parameter) for parameter in command.params]
    if isinstance(said, click.Group):
        said.commands = {name: in_language(below, language) for name, below in said.commands.items()}
    said.context_class = _WideContext
    said.help = translated(Text(cleandoc(command.help or "")), language)
    # The first sentence, whole: click cuts it where it is long, and knows no Chinese full stop.
    said.short_help = _FULL_STOP.split(said.help)[0]
    for parameter in said.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = translated(Text(parameter.help), language)
    return said


class _WideFormatter(click.HelpFormatter):
    """Breaks lines by columns of the terminal, of which a Chinese character fills two; click counts characters."""

    def write_text(self, text: str) -> None:
        super().write_text(_wrapped(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        import wcwidth

        rows = list(rows)
        first = min(max(wcwidth.width(term) for term, _text in rows), col_max) + col_spacing
        wrapped = [(term, _wrapped(text, max(self.width - first - 2, 10))) for term, text in rows]
        super().write_dl(wrapped, col_max, col_spacing)


class _WideContext(click.Context):
    formatter_class = _WideFormatter


def _wrapped(text: str, width: int) -> str:
    import wcwidth

    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    # click leaves a paragraph that begins with \b as it is.
    return "\n\n".join("\n".join(("\b", *wcwidth.wrap(paragraph, width))) for paragraph in paragraphs)


@contextmanager
def _clicks_words_in(language: Language) -> Iterator[None]:
    """Let click find its own words ("Usage", "Missing argument"): it asks gettext's domain of the whole process."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain(_CLICK, str(LOCALE_FOLDER))
    gettext.textdomain(_CLICK)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
