"""Tunes the compact model's last layers to questions that ask the same: `python -m training.tune_backbone --help`."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from faqbot.encoder.compact.building import INSTRUCTION, TUNED_BACKBONE, ensure_compact
from faqbot.encoder.compact.e5_file import PACKAGE, SHA256
from faqbot.settings import EncoderSettings
from training.low_rank import LowerStates, UpperLayers, load_model
from training.text_groups import TextSet, draw_pairs, read_text_sets

_NEVER = -1e4
_CLOSING_AND_INSTRUCTION = 4  # `<s>` and the three pieces of `query: ` stand before every text alike.


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the result depends on besides data and code.

    Attributes:
        seed: Of the batches and of where the updates begin.
        layers: The last so many of twelve are updated.
        rank: Of each update.
        steps: Batches seen.
        batch: Pairs in a batch, all from one set.
        learning_rate: AdamW's; falls to zero along a cosine.
        temperature: Divides scores in the loss; FlagEmbedding's for M3.
        set_share: A set is drawn with probability proportional to its wordings to this power.
    """

    seed: int = 20
    layers: int = 4
    rank: int = 16
    steps: int = 300
    batch: int = 64
    learning_rate: float = 1e-4
    temperature: float = 0.02
    set_share: float = 0.5


def tune(recipe: Recipe, upper: UpperLayers, sets: Sequence[TextSet], lower: LowerStates) -> list[float]:
    """Train the updates in place; the same result each time on one machine.

    Returns:
        The mean loss of each hundred steps.
    """
    learned = [parameter for parameter in upper.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=recipe.learning_rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, recipe.steps)
    draw = torch.Generator().manual_seed(recipe.seed)
    members = [[[lower.index[INSTRUCTION + text] for text in group] for group in one.groups] for one in sets]
    shares = torch.tensor([float(one.rows) for one in sets]) ** recipe.set_share
    losses: list[float] = []
    for step in range(1, recipe.steps + 1):
        groups = members[int(torch.multinomial(shares, 1, generator=draw))]
        entry, questions, wordings = draw_pairs(groups, recipe.batch, draw)
        loss = _loss(upper, lower, entry, torch.cat([questions, wordings]), recipe.temperature)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 20 == 0:
            print(f"step {step} of {recipe.steps}: loss {sum(losses[-20:]) / 20:.3f}", flush=True)
    hundreds = [losses[at : at + 100] for at in range(0, recipe.steps, 100)]
    return [round(sum(part) / len(part), 4) for part in hundreds]


def _loss(upper: UpperLayers, lower: LowerStates, entry: Tensor, texts: Tensor, temperature: float) -> Tensor:
    """M3's loss of the dense and the ColBERT mode with self-distillation; the first half of the texts asks."""
    states, mask = lower.side(texts)
    hidden = upper(states, mask)
    dense = functional.normalize((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)
    tokens = functional.normalize(hidden[:, _CLOSING_AND_INSTRUCTION:], dim=-1)
    half, kept = len(texts) // 2, mask[:, _CLOSING_AND_INSTRUCTION:]
    same = (entry[:, None] == entry[None]) & ~torch.eye(half, dtype=torch.bool)
    by_dense = (dense[:half] @ dense[half:].T / temperature).masked_fill(same, _NEVER)
    by_colbert = colbert_scores(tokens[:half], kept[:half], tokens[half:], kept[half:]) / temperature
    by_colbert = by_colbert.masked_fill(same, _NEVER)
    together, right = by_dense + by_colbert, torch.arange(half)
    teacher = together.detach().softmax(dim=1)
    contrastive = sum(functional.cross_entropy(scores, right) for scores in (by_dense, together, by_colbert)) / 4
    taught = sum(-(teacher * scores.log_softmax(dim=1)).sum(dim=1).mean() for scores in (by_dense, by_colbert)) / 3
    return (contrastive + taught) / 2  # type: ignore[no-any-return]


def colbert_scores(questions: Tensor, asked: Tensor, wordings: Tensor, known: Tensor) -> Tensor:
    """MeanMaxSim of each question with each wording.

    Args:
        questions: Unit rows, (n, tokens, hidden).
        asked: (n, tokens), True where there is a token.
        wordings: Unit rows, (m, tokens, hidden).
        known: (m, tokens), likewise.
    """
    similarity = torch.einsum("nh,mth->nmt", questions[asked], wordings).masked_fill(~known, -1.0)
    owner = torch.repeat_interleave(torch.arange(len(asked)), asked.sum(1))
    summed = torch.zeros(len(asked), len(known)).index_add(0, owner, similarity.amax(dim=2))
    return summed / asked.sum(1, keepdim=True)


def main() -> None:
    """Train, write the updates and their record."""
    arguments = _arguments()
    began = time.monotonic()
    recipe = Recipe()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(recipe.seed)
    model, tokenizer = load_model(ensure_compact(EncoderSettings().cache_dir, print, tuned=False))
    upper = UpperLayers(model, recipe.layers, recipe.rank)
    sets = read_text_sets(arguments.data)
    print(f"Running the lower layers over {sum(one.rows for one in sets)} wordings.", flush=True)
    texts = [INSTRUCTION + text for one in sets for group in one.groups for text in group]
    lower = LowerStates(model, tokenizer, recipe.layers, texts)
    losses = tune(recipe, upper, sets, lower)
    save_file({name: part.half().contiguous() for name, part in upper.updates().items()}, arguments.output)
    arguments.output.chmod(0o644)
    record = {
        "updates": {"file": arguments.output.name, "sha256": _checksum(arguments.output)},
        "backbone": {"package": PACKAGE, "sha256": SHA256},
        "date": datetime.now(UTC).date().isoformat(),
        "command": "python -m training.tune_backbone --data DIR",
        "minutes": round((time.monotonic() - began) / 60, 1),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
        "method": "low-rank updates (arXiv 2106.09685) under BGE-M3's contrastive loss (arXiv 2402.03216)",
        "recipe": asdict(recipe),
        "data": [
            {"set": one.name, "licence": one.licence, "entries": len(one.groups), "wordings": one.rows} for one in sets
        ],
        "loss_per_hundred_steps": losses,
    }
    arguments.output.with_suffix(".json").write_text(
        json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"Wrote {arguments.output} and its record; now train the heads and the prior anew.")


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.tune_backbone", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one sub-folder per set; see the README")
    parser.add_argument("--output", type=Path, default=TUNED_BACKBONE, help="where the updates go (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
