"""What every command shares: its settings, its errors, its output."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from faqbot.cli.terminal import give_up, say
from faqbot.errors import FaqbotError
from faqbot.settings import load_settings

if TYPE_CHECKING:
    from faqbot.bootstrap import Container
    from faqbot.storage import Expected

_Command = TypeVar("_Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)
MODE = click.Choice(["hybrid", "dense", "sparse", "colbert"])

with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: object) -> None:
    """The result as JSON on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def container(
    config: Path | None, *, report: Callable[[str], None] = say, creates: bool = False, expected: Expected = "known"
) -> Container:
    """The services of the configured installation.

    Args:
        config: Settings file.
        report: Told, in one line each, what takes its time.
        creates: Whether the command may make the database; the others say that there is none.
        expected: Which installation's database may be found; see `open_storage`.
    """
    # Here, as in every command: `faqbot --help` and wrong usage need no database and no arrays.
    from faqbot.bootstrap import Container

    return Container(load_settings(config), report=report, creates=creates, expected=expected)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # In a container the user may have no name.
        return "unknown"


def with_config(command: _Command) -> _Command:
    """Give a command `--config`, and turn our errors into one line on stderr and exit code 1."""

    @wraps(command)
    def guarded(*args: object, **kwargs: object) -> object:
        from faqbot.storage import acting_as

        try:
            with acting_as(f"cli: {_user()}"):
                return command(*args, **kwargs)
        except FaqbotError as error:
            give_up(error.message)

    option = click.option("--config", type=FILE, help="Settings file; default: FAQBOT_CONFIG, else ./config.yaml.")
    return option(guarded)  # type: ignore[return-value]
