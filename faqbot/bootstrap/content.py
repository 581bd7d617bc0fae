"""What comes with faqbot: the starter knowledge base and what every service desk hears."""

from __future__ import annotations

from pathlib import Path

from faqbot.errors import FileNotFound
from faqbot.language import _

_ROOT = Path(__file__).resolve().parents[1]
STARTER = "starter.yaml"
SERVICE_DESK, EVERYDAY = "service_desk.yaml", "everyday.txt"


def starter_file() -> Path:
    """The starter knowledge base.

    Raises:
        FileNotFound: It is not part of this installation.
    """
    return content_file(STARTER)


def content_file(name: str) -> Path:
    """A file of the folder `knowledge_base`: beside the package in a checkout, inside it when installed.

    Raises:
        FileNotFound: It is in neither place.
    """
    for folder in (_ROOT.parent / "knowledge_base", _ROOT / "knowledge_base"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFound(
        _("The file knowledge_base/{name} is not part of this installation; install faqbot again.", name=name)
    )
