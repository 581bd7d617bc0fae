"""What the README, config.yaml and docs/ say is what the program does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from docs.reference.generate import pages
from faqbot import errors
from faqbot.cli import main
from faqbot.settings import SECRETS, Settings, load_settings
from faqbot.web.middleware.errors import HTTP_CODES
from tests.rules.test_routes import ACCESS, ADMIN, AGENT, ASK, OPEN, SIGNED

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = {name.removesuffix(".md"): text for name, text in pages().items()}
HEADINGS = {
    ASK: "Asking",
    AGENT: "For agents",
    ADMIN: "For administrators",
    SIGNED: "For programs that sign",
    OPEN: "For everybody",
}
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _settings() -> list[tuple[str, object, str]]:
    rows = []
    for section, field in Settings.model_fields.items():
        annotation = field.annotation
        assert annotation is not None
        assert issubclass(annotation, BaseModel)
        rows += [(f"{section}.{n}", f.default, f.description or "") for n, f in annotation.model_fields.items()]
    return rows


def _commands(group: click.Group, before: str = "") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _commands(command, f"{before}{name} ")
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found.append((f"{before}{name}", command))
    return found


def test_the_reference_pages_are_what_the_program_generates() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "reference").glob("*.md")}
    assert kept == pages(), "run `make reference`"


@pytest.mark.parametrize(("name", "default", "description"), _settings())
def test_every_setting_is_in_the_reference_with_its_default(name: str, default: object, description: str) -> None:
    shown = "unset" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    assert description
    assert f"| `{name}` | {shown} | {description} |" in REFERENCE["settings"]


@pytest.mark.parametrize("route", ACCESS, ids=" ".join)
def test_every_route_is_in_the_reference_under_who_may_call_it(route: tuple[str, str]) -> None:
    method, path = route
    parts = re.split(r"(?m)^## (.*)$", REFERENCE["routes"])
    section = dict(zip(parts[1::2], parts[2::2], strict=True))[HEADINGS[ACCESS[route]]]
    shown = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    [sentence] = re.findall(rf"(?m)^\| `{method} {re.escape(shown)}` \| (.*) \|$", section)
    assert re.fullmatch(r"[A-Z].{10,}[.]", sentence)


@pytest.mark.parametrize("path", dict(_commands(main)))
def test_every_command_is_in_the_reference(path: str) -> None:
    [part] = re.findall(rf"(?ms)^## {path}\n(.*?)(?=^## |\Z)", REFERENCE["commands"])
    for option in re.findall(r"--[a-z-]+", " ".join(o for p in dict(_commands(main))[path].params for o in p.opts)):
        assert f"`{option}" in part or option == "--config"


def test_every_error_code_is_in_the_reference_once() -> None:
    codes = {
        kind.code for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.FaqbotError)
    }
    listed = re.findall(r"(?m)^\| `(\w+)` \|", REFERENCE["errors"])
    assert sorted(listed) == sorted(codes | set(HTTP_CODES.values()))


def test_config_yaml_states_every_default_with_its_description_and_nothing_else() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    stated = yaml.safe_load(text)
    assert load_settings(ROOT / "config.yaml", {}) == Settings()
    stated_names = {f"{section}.{name}" for section, part in stated.items() for name in part}
    assert stated_names == {name for name, _, _ in _settings()} - SECRETS
    comments = " ".join(re.sub(r"(?m)^ *#", "", text).split())
    missing = [name for name, _, description in _settings() if name not in SECRETS and description not in comments]
    assert missing == []


def test_every_setting_that_a_document_names_exists() -> None:
    known = {name for name, _, _ in _settings()}
    found = {document: re.findall(r"FAQBOT_([A-Z]+)__([A-Z_]+)", document.read_text("utf-8")) for document in DOCUMENTS}
    assert any(found.values())
    for document, names in found.items():
        for section, name in names:
            assert f"{section}.{name}".lower() in known, f"{document.name} names FAQBOT_{section}__{name}"


@pytest.mark.parametrize(("path", "command"), _commands(main))
def test_every_command_has_help_and_takes_a_config(path: str, command: click.Command) -> None:
    assert command.help, path
    names = {option for parameter in command.params for option in parameter.opts}
    assert "--config" in names, path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_faqbot_command_in_a_document_exists_with_its_options(document: Path) -> None:
    known = dict(_commands(main))
    for line in _command_lines(document):
        words = line.split("#")[0].split()[1:]
        path = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        if any(name.startswith(f"{line.split(' ', 1)[1]} ") for name in known):
            continue  # The name of a group, such as `faqbot tests`.
        assert path in known, f"{document.name}: {line}"
        options = {option for parameter in known[path].params for option in parameter.opts}
        for option in re.findall(r"--[a-z-]+", line.split("#")[0]):
            assert option in options, f"{document.name}: {line} has no {option}"


def _command_lines(document: Path) -> list[str]:
    """The commands of ours in code blocks and in code between words, as they are typed."""
    text = document.read_text(encoding="utf-8")
    lines: list[str] = re.findall(r"(?m)^ *(?:\$ )?(?:\.venv/bin/)?(faqbot [a-z].*)$", text)
    return lines + re.findall(r"`(?:\.venv/bin/)?(faqbot [a-z][^`]*)`", text)


def test_commands_are_found_in_documents() -> None:
    assert len(_command_lines(ROOT / "README.md")) >= 10


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for document in DOCUMENTS:
        for target in re.findall(r"(?:`|^)make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE):
            assert target in targets, f"{document.name}: make {target}"
    assert {"run", "test", "setup"} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_local_link_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for target in (target for target in targets if "://" not in target):
        path, _, place = target.partition("#")
        other = document.parent / path if path else document
        assert other.exists(), f"{document.name}: {target}"
        headings = re.findall(r"(?m)^#+ (.*)$", other.read_text(encoding="utf-8")) if place else []
        slugs = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
        assert not place or place in slugs, f"{document.name}: {target}"


def test_decisions_are_numbered_in_one_row_and_say_so_in_their_titles() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. "), path.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_of_ours_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:faqbot|tests|training|benchmarks|knowledge_base|docs|migrations)/[^`\s<*]*)`", text):
        assert (ROOT / path).exists(), f"{document.name}: {path}"
    for module in re.findall(r"python -m ((?:benchmarks|training)[\w.]*)", text):
        file = ROOT / module.replace(".", "/")
        assert file.with_suffix(".py").exists() or file.is_dir(), f"{document.name}: {module}"
