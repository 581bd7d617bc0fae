"""Commands name choices and defaults as words, so that `--help` imports no service; they are those of the services."""

from __future__ import annotations

import click

from faqbot.cli import main
from faqbot.services.admin.keys import OVERLAP_DAYS, ROLES
from faqbot.services.checks.duplicates import LISTED
from faqbot.services.checks.problems import ANY


def option(command: click.Command, name: str) -> click.Parameter:
    [found] = [parameter for parameter in command.params if parameter.name == name]
    return found


def command(*path: str) -> click.Command:
    found: click.Command = main
    for name in path:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    return found


def test_a_key_has_one_of_the_roles() -> None:
    kind = option(command("key", "create"), "role").type
    assert isinstance(kind, click.Choice)
    assert tuple(kind.choices) == ROLES


def test_a_rotated_key_goes_on_working_as_long_as_the_service_says() -> None:
    assert option(command("key", "rotate"), "overlap_days").default == OVERLAP_DAYS


def test_duplicates_are_listed_from_the_same_score_as_over_http() -> None:
    assert option(command("duplicates"), "threshold").default == LISTED


def test_problems_are_those_of_any_check_unless_one_is_named() -> None:
    assert option(command("problems"), "code").default == ANY
