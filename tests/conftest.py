"""What tests of several rooms share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from faqbot.encoder import Encoder
from faqbot.settings import EncoderSettings

# Speed is measured in `benchmarks/`: a machine that is busy with something else fails no test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = ["tests.leftovers"]

# Whatever the terminal of who runs them speaks, tests read English unless they say otherwise.
os.environ["FAQBOT_LANGUAGE"] = "en"


@pytest.fixture(scope="session")
def compact_encoder() -> Encoder:
    """The real compact model, in fp32 so that numbers are the same on every CPU; built in the user's own cache once."""
    from faqbot.encoder.opening import open_encoder

    return open_encoder(EncoderSettings(model="compact", device="cpu", precision="fp32"))
