"""The programs in docs/channels.md run as they stand, but for the address and the key."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import playwright
import pytest

from tests.integration.channels.served import SECRETS, Served

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "channels.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", DOCUMENT)


def _here(program: str, door: Served) -> str:
    program = re.sub(r"(http://)?localhost:7860", door.url, program)
    return program.replace('"KEY"', f'"{door.key()}"').replace('"SECRET"', f'"{SECRETS["webhook_secret"]}"')


@pytest.mark.parametrize("program", _blocks("python"), ids=lambda text: text.split()[1])
def test_every_python_program_prints_the_answer(door: Served, program: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(_here(program, door), "docs/channels.md", "exec"), {})  # noqa: S102
    assert "申请退款" in capsys.readouterr().out


def test_the_node_program_prints_the_answer(door: Served, tmp_path: Path) -> None:
    [program] = _blocks("js")
    file = tmp_path / "ask.cjs"
    file.write_text(_here(program, door), encoding="utf-8")
    # Playwright brings a Node of its own, so that none has to be installed.
    node = Path(playwright.__file__).parent / "driver" / "node"
    done = subprocess.run([node, file], capture_output=True, text=True, timeout=60, check=True)
    assert "申请退款" in done.stdout


@pytest.mark.parametrize("command", _blocks("sh"), ids=lambda text: text.split()[0])
def test_every_shell_command_prints_the_answer(door: Served, command: str) -> None:
    with_key = re.sub(r"curl -s", f"curl -s -H 'X-API-Key: {door.key()}'", _here(command, door))
    done = subprocess.run(["bash", "-ec", with_key], capture_output=True, text=True, timeout=60, check=True)
    assert "申请退款" in done.stdout
