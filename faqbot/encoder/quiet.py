"""How we have the model libraries behave; they read it when they are imported."""

from __future__ import annotations

import os

_ENVIRONMENT = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",  # Its threads and a forking server lock each other up.
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TRANSFORMERS_NO_TF": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def quieten_libraries() -> None:
    """No bars, no advice, no TensorFlow beside torch: what there is to say, faqbot says. Call before importing them.

    What the environment says already stays.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
