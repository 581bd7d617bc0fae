"""Writes the pages of this folder from the program itself: `make reference`.

A test compares the pages with what this gives, so whoever changes a setting, a route, a command or an error runs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import Flask
from pydantic import BaseModel
from werkzeug.routing import Rule

from faqbot import errors
from faqbot.cli import main
from faqbot.settings import Settings
from faqbot.web.application import create_app
from faqbot.web.middleware.access import Audience, audience_of
from faqbot.web.middleware.errors import HTTP_CODES, STATUS
from faqbot.web.services_door import ServicesDoor

FOLDER = Path(__file__).parent
_NOTE = "<!-- Written by `make reference`; change the program, not this page. -->"

# Who may call a route, in the order in which the page lists them.
_AUDIENCES: dict[Audience, tuple[str, str]] = {
    "ask": ("Asking", "Open to everybody while `web.ask_open` is on; otherwise a key of role `ask` or above."),
    "agent": ("For agents", "A key of role `agent` or `admin`."),
    "admin": ("For administrators", "A key of role `admin`."),
    "signed": ("For programs that sign", "No key: the sender proves itself by its signature."),
    "open": ("For everybody", "No key is ever needed."),
}
# Views that come with the framework.
_FRAMEWORK = {"static": "Files of the page and the widget.", "openapi.spec": "Describe every route in OpenAPI 3.1."}
_PARAMETER = re.compile(r"<(?:[^<:>]+:)?([^<>]+)>")
# Codes that no error class of ours has, because the router refuses before a view runs.
_ROUTER = {"not_found": "There is no such address.", "method_not_allowed": "The address does not take this method."}


def pages() -> dict[str, str]:
    """Every page's file name and text."""
    made = {"settings": _settings(), "routes": _routes(), "commands": _commands(), "errors": _errors()}
    return {f"{name}.md": "\n".join((_NOTE, "", *lines, "")) for name, lines in made.items()}


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "`config.yaml` holds them all with their defaults; another file is named by `FAQBOT_CONFIG` or `--config`."
    yield "The environment goes first: `encoder.model` is `FAQBOT_ENCODER__MODEL` there. An unknown name is refused at"
    yield "start. Secrets are taken from the environment only."
    for section, field in Settings.model_fields.items():
        kind = field.annotation
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            raise TypeError(f"Section {section} of the settings is no model.")
        yield from ("", f"## {section}", "", _first_line(kind), "", "| setting | default | meaning |", "|---|---|---|")
        for name, setting in kind.model_fields.items():
            yield f"| `{section}.{name}` | {_shown(setting.default)} | {setting.description} |"


def _shown(default: object) -> str:
    if default is None:
        return "unset"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _routes() -> Iterator[str]:
    app = create_app(ServicesDoor(), Settings())
    yield "# Routes"
    yield ""
    yield "Bodies and replies are JSON in UTF-8; their fields are described at `/openapi.json`. A key goes into"
    yield "`Authorization: Bearer KEY` or `X-API-Key: KEY`. Every failure that reaches faqbot has the same body,"
    yield '`{"error": {"code", "message", "details"}, "request_id"}`, with a code from [errors.md](errors.md).'
    yield 'Texts in an address are percent-encoded, as `curl -G --data-urlencode "q=退款"` does it.'
    yield "The doors for other programs answer in those programs' own shapes: [channels](../channels.md)."
    rules = list(app.url_map.iter_rules())
    for audience, (heading, who) in _AUDIENCES.items():
        yield from ("", f"## {heading}", "", who, "", "| route | does |", "|---|---|")
        for rule in rules:
            if audience_of(rule.endpoint) == audience:
                yield from _rows(app, rule)


def _rows(app: Flask, rule: Rule) -> Iterator[str]:
    does = _FRAMEWORK.get(rule.endpoint) or _first_line(app.view_functions[rule.endpoint])
    path = _PARAMETER.sub(r"{\1}", rule.rule)
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield f"| `{method} {path}` | {does} |"


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "Exit code 0: done; 1: refused, with one line on stderr that says what to change; 2: wrong usage."
    yield "Every command has `--help`, and `--config FILE` for another file of settings than `config.yaml`."
    yield "Help, results and refusals are in English or Chinese: `FAQBOT_LANGUAGE` (`en`, `zh`) chooses,"
    yield "otherwise the terminal's locale; `--json` stays as it is."
    for path, command in commands():
        context = click.Context(command, info_name=path)
        usage = " ".join(("faqbot", path, *command.collect_usage_pieces(context)))
        options = [part for part in command.params if isinstance(part, click.Option) and part.name != "config"]
        yield from ("", f"## {path}", "", f"    {usage}", "", " ".join((command.help or "").split()))
        if options:
            yield from ("", "| option | meaning |", "|---|---|")
            yield from (_option(option, context) for option in options)


def commands(group: click.Group = main, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, under all the words that call it."""
    for name, command in group.commands.items():
        path = f"{before}{name}"
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield path, command
            yield from commands(command, f"{path} ")
        else:
            yield path, command


def _option(option: click.Option, context: click.Context) -> str:
    names, meaning = option.get_help_record(context) or ("", "")
    return f"| `{names.replace('|', chr(92) + '|')}` | {' '.join(meaning.split()).replace('|', chr(92) + '|')} |"


def _errors() -> Iterator[str]:
    yield "# Error codes"
    yield ""
    yield "Every error has a code that stays the same from release to release, and a sentence that says what to change."
    yield "The status is that of a reply over HTTP; the command line exits with 1."
    yield from ("", "| code | status | meaning |", "|---|---|---|")
    rows = {kind.code: (_status(kind), _first_line(kind)) for kind in _family(errors.FaqbotError)}
    rows |= {code: (status, _ROUTER[code]) for status, code in HTTP_CODES.items() if code not in rows}
    yield from (f"| `{code}` | {status} | {meaning} |" for code, (status, meaning) in sorted(rows.items()))


def _family(root: type[errors.FaqbotError]) -> Iterator[type[errors.FaqbotError]]:
    # Those below first, so that of two with one code the upper one, which means both, is kept.
    for child in root.__subclasses__():
        yield from _family(child)
    if root.__module__.startswith(errors.__name__):
        yield root


def _status(kind: type[errors.FaqbotError]) -> int:
    return next((STATUS[above] for above in kind.__mro__ if above in STATUS), 500)


def _first_line(described: object) -> str:
    return (described.__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")


def write(made: Iterable[tuple[str, str]]) -> None:
    """Write the pages beside this file."""
    for name, text in made:
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(pages().items())
