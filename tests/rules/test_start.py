"""What a command may import before it needs it: every start waits for each module, of which some bring dozens."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Everything that the processes of a server import before they listen.
SERVING = "import faqbot.cli, faqbot.serving, faqbot.web.application, faqbot.web.services_door"
# Of these a server needs nothing, or not before a model, a file or a vendor is asked for.
LATER = (
    "alembic",
    "babel",
    "FlagEmbedding",
    "huggingface_hub",
    "openpyxl",
    "scipy.optimize",
    "scipy.stats",
    "sklearn",
    "sqlalchemy.dialects.postgresql",
    "tokenizers",
    "torch",
    "transformers",
    "urllib3",
    "wcwidth",
    "xlrd",
    "xlsxwriter",
)
# A terminal that asks for help, or a program that completes a command, waits for the command line alone.
HELP = "from click.testing import CliRunner; from faqbot.cli import main; CliRunner().invoke(main, [{arguments}])"
COMMANDS = ("numpy", "scipy", "sqlalchemy", "flask", "gunicorn", "faqbot.storage", "faqbot.services.answering", *LATER)


def imported(program: str) -> set[str]:
    """The modules that a new process has imported after a program."""
    told = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.splitlines()[-1].split())


def test_a_server_listens_before_it_imports_what_it_needs_later_or_never() -> None:
    found = imported(SERVING)
    assert {"faqbot.storage", "numpy", "flask"} <= found, "the program has moved; look again at what it imports"
    assert sorted(found & set(LATER)) == []


@pytest.mark.parametrize("arguments", ['"--help"', '"publish", "--help"', '"key", "create", "--role", "nobody"'])
def test_help_and_wrong_usage_import_neither_arrays_nor_a_database(arguments: str) -> None:
    found = imported(HELP.format(arguments=arguments))
    assert "faqbot.cli" in found
    assert sorted(found & (set(COMMANDS) - {"wcwidth"})) == []
