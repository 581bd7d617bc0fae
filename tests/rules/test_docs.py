"""What the README, config.yaml and docs/ say is what the program does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from faqbot import errors
from faqbot.cli import main
from faqbot.settings import SECRETS, Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _settings() -> list[tuple[str, object, str]]:
    rows = []
    for section, field in Settings.model_fields.items():
        annotation = field.annotation
        assert annotation is not None
        assert issubclass(annotation, BaseModel)
        rows += [(f"{section}.{n}", f.default, f.description or "") for n, f in annotation.model_fields.items()]
    return rows


def _commands(group: click.Group, prefix: str = "faqbot") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        found += _commands(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found


@pytest.mark.parametrize(("name", "default", "description"), _settings())
def test_every_setting_is_in_the_readme_with_its_default(name: str, default: object, description: str) -> None:
    shown = "unset" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    assert f"| `{name}` | {shown} | {description} |" in README


def test_config_yaml_states_every_default_and_nothing_else() -> None:
    stated = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert load_settings(ROOT / "config.yaml", {}) == Settings()
    stated_names = {f"{section}.{name}" for section, part in stated.items() for name in part}
    assert stated_names == {name for name, _, _ in _settings()} - SECRETS


def test_every_setting_that_a_document_names_exists() -> None:
    known = {name for name, _, _ in _settings()}
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for section, name in re.findall(r"FAQBOT_([A-Z]+)__([A-Z_]+)", text):
            assert f"{section}.{name}".lower() in known, f"{document.name} names FAQBOT_{section}__{name}"


@pytest.mark.parametrize("path", [path for path, _ in _commands(main)])
def test_every_command_is_in_the_readme(path: str) -> None:
    *group, name = path.split(" ")
    row = next((line for line in README.splitlines() if line.startswith(f"| `{' '.join(group)}")), "")
    rows = [line for line in README.splitlines() if line.startswith("| `faqbot")]
    assert row or group == ["faqbot"]
    assert any(
        re.search(rf"`(?:{' '.join(group)} )?{name}\b", line)
        for line in rows
        if line.startswith(f"| `{' '.join(group)}")
    )


@pytest.mark.parametrize(("path", "command"), _commands(main))
def test_every_command_has_help_and_takes_a_config(path: str, command: click.Command) -> None:
    assert command.help, path
    names = {option for parameter in command.params for option in parameter.opts}
    assert "--config" in names, path


def test_every_faqbot_command_in_a_document_exists_with_its_options() -> None:
    commands = dict(_commands(main))
    groups = {path.rsplit(" ", 1)[0] for path in commands} | {"faqbot"}
    for document in DOCUMENTS:
        for line in re.findall(
            r"(?m)^\s*(?:\$ )?(?:\.venv/bin/)?(faqbot [a-z].*)$", document.read_text(encoding="utf-8")
        ):
            words = line.split("#")[0].split()
            path = " ".join(words[:3] if " ".join(words[:2]) in groups else words[:2])
            assert path in commands, f"{document.name}: {line}"
            options = {option for parameter in commands[path].params for option in parameter.opts}
            for option in re.findall(r"--[a-z-]+", line.split("#")[0]):
                assert option in options, f"{document.name}: {line} has no {option}"


def test_every_error_code_is_documented() -> None:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    codes = {
        kind.code for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.FaqbotError)
    }
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) >= codes


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for document in DOCUMENTS:
        for target in re.findall(r"(?:`|^)make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE):
            assert target in targets, f"{document.name}: make {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_local_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name}: {target}"
