"""A checkpoint's backbone in ONNX Runtime, quantised to int8 the way its documentation tells."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

NAME = "ONNX Runtime int8, the backbone alone"

Backbone = Callable[[dict[str, torch.Tensor]], object]


def open_onnx(folder: Path) -> Backbone | None:
    """Convert, quantise and load; at BGE-M3's full size this takes minutes and 3.5 GB of disk meanwhile.

    Args:
        folder: The checkpoint.

    Returns:
        Takes `input_ids` and `attention_mask`; nothing where ONNX Runtime is not installed, which stderr says.
    """
    missing = [name for name in ("onnx", "onnxruntime") if importlib.util.find_spec(name) is None]
    if missing:
        print(
            f"ONNX Runtime was left out, as {' and '.join(missing)} cannot be imported: "
            "install what the benchmarks need with `pip install -e '.[benchmark]'`.",
            file=sys.stderr,
        )
        return None
    with TemporaryDirectory() as place:
        session = _session(_quantised(_converted(folder, Path(place)), is_large=_is_large(folder)))
    return lambda features: session.run(None, {name: tensor.numpy() for name, tensor in features.items()})


def _is_large(folder: Path) -> bool:
    """Whether the model is beyond the 2 GB that one ONNX file can hold."""
    return sum(path.stat().st_size for path in folder.glob("*.safetensors")) > 1.5e9


def _converted(folder: Path, place: Path) -> Path:
    from transformers import AutoModel

    class LastHiddenState(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = AutoModel.from_pretrained(folder, attn_implementation="eager", add_pooling_layer=False)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            state: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return state

    names = ["input_ids", "attention_mask"]
    examples = (torch.tensor([[0, 5, 6, 2], [0, 5, 2, 1]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]))
    axes = {name: {0: "texts", 1: "tokens"} for name in [*names, "state"]}
    path = place / "model.onnx"
    torch.onnx.export(
        LastHiddenState().eval(),
        examples,
        str(path),
        input_names=names,
        output_names=["state"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,  # The newer exporter needs one more package.
    )
    return path


def _quantised(path: Path, *, is_large: bool) -> Path:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target = path.with_name("int8.onnx")
    logging.disable(logging.WARNING)  # Advice that does not matter here would stand in the table.
    quantize_dynamic(
        path,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        use_external_data_format=is_large,
    )
    logging.disable(logging.NOTSET)
    return target


def _session(path: Path) -> Any:  # noqa: ANN401  # It has no types.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Threads that spin while they wait make it three times slower beside other programs, and us as well.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
