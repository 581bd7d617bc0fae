"""What is kept beside a version: the matcher's bytes, and what was learned from its long answers."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np

from faqbot.matching.model.matcher import Matcher
from faqbot.matching.passages.model import LearnedPassages

_MATCHER, _PASSAGES = "matcher", "passages.json"


def pack(matcher: Matcher, passages: LearnedPassages | None) -> bytes:
    """A zip file of both.

    Args:
        matcher: Any that stands behind the door.
        passages: None where no answer is long.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(_MATCHER, matcher.to_bytes())
        file.writestr(_PASSAGES, json.dumps(passages.to_json() if passages else None))
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[bytes, LearnedPassages | None]:
    """The inverse of `pack`: what the matcher is made of, and what was learned from long answers.

    Raises:
        ValueError: The bytes are something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if _MATCHER in file.namelist():
                return file.read(_MATCHER), _passages(json.loads(file.read(_PASSAGES)))
        # Release 0.1.0 kept the learned matcher's file alone, with the passages among its facts.
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return data, _passages(json.loads(str(arrays["facts"])).get("passages"))
    except (KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError("These bytes do not hold what was learned from a knowledge base.") from error


def _passages(values: dict[str, Any] | None) -> LearnedPassages | None:
    return LearnedPassages.from_json(values) if values else None
