from __future__ import annotations

import click
import pytest
import wcwidth
from click.testing import CliRunner

from faqbot.cli import main
from faqbot.cli.terminal import help_texts, in_language, padded, terminal_language
from faqbot.errors import SettingsError
from faqbot.language import translated


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"FAQBOT_LANGUAGE": "zh", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"FAQBOT_LANGUAGE": "zh-Hans"}, "zh"),
        ({"FAQBOT_LANGUAGE": "EN", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"FAQBOT_LANGUAGE": "", "LANG": "zh_TW"}, "zh"),
        ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "de_DE.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zha_CN"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], language: str) -> None:
    assert terminal_language(environ) == language


def test_a_language_that_we_do_not_speak_is_refused_with_those_that_we_do() -> None:
    with pytest.raises(SettingsError, match=r"FAQBOT_LANGUAGE is 'fr'; set it to one of en, zh\."):
        terminal_language({"FAQBOT_LANGUAGE": "fr"})
    refused = CliRunner().invoke(main, ["--help"], env={"FAQBOT_LANGUAGE": "fr"})
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("faqbot: FAQBOT_LANGUAGE")


def _help_pages(command: click.Command, *names: str) -> list[tuple[str, ...]]:
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [names, *(page for name, one in below for page in _help_pages(one, *names, name))]


@pytest.mark.parametrize("names", _help_pages(main), ids=" ".join)
def test_a_chinese_help_page_is_in_chinese_and_fits_the_terminal(names: tuple[str, ...]) -> None:
    page = CliRunner().invoke(main, [*names, "--help"], env={"FAQBOT_LANGUAGE": "zh"})
    assert page.exit_code == 0
    assert max(wcwidth.width(line) for line in page.output.splitlines()) <= 80
    assert not [text for text in help_texts(main) if text and text in page.output]


def test_chinese_help_leaves_the_english_one_alone() -> None:
    before = list(help_texts(main))
    assert list(help_texts(in_language(main, "zh"))) != before
    assert list(help_texts(main)) == before
    assert CliRunner().invoke(main, ["--help"], env={"FAQBOT_LANGUAGE": "en"}).output.startswith("Usage: ")


def test_clicks_own_words_are_chinese_while_a_command_runs_and_no_longer() -> None:
    wrong = ["ask", "x", "--top", "99"]
    chinese, english = (CliRunner().invoke(main, wrong, env={"FAQBOT_LANGUAGE": name}) for name in ("zh", "en"))
    assert (chinese.exit_code, english.exit_code) == (2, 2)
    assert "无效" in chinese.stderr
    assert english.stderr.isascii()


def test_columns_are_counted_as_the_terminal_fills_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAQBOT_LANGUAGE", "zh")
    assert translated(padded("标准问", 8), "zh") == "标准问  "
