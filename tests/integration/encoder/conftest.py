"""Tiny checkpoints, and the encoders over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings


@pytest.fixture(scope="session", params=["xlm-roberta", "bert"])
def tiny_checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in BGE-M3's layout, once with each backbone."""
    from tests.integration.encoder.checkpoints import make_checkpoint

    folder = tmp_path_factory.mktemp("checkpoint") / f"tiny-{request.param}"
    return make_checkpoint(folder, request.param, pooler=request.param == "xlm-roberta")


@pytest.fixture(scope="session")
def tiny_encoder(tiny_checkpoint: Path) -> Encoder:
    """The tiny checkpoint in fp32."""
    return open_encoder(EncoderSettings(model=str(tiny_checkpoint), device="cpu", precision="fp32", batch_size=3))
