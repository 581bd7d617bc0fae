from __future__ import annotations

import os
import subprocess
import sys


def test_int8_is_refused_where_products_overflow() -> None:
    # Real, in a process of its own: oneDNN keeps to what CPUs before VNNI have.
    code = (
        "from faqbot.encoder.inference.placement import choose_placement as c\n"
        "from faqbot.settings import EncoderSettings as S\n"
        "c(S(device='cpu', precision='int8'))"
    )
    environment = {**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "SettingsError" in ended.stderr
    assert "no VNNI; set it to auto" in ended.stderr
