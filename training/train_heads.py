"""Trains the compact model's sparse and ColBERT head on a CPU, in minutes: `python -m training.train_heads --help`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from faqbot.encoder.compact.building import INSTRUCTION, TRAINED_HEADS, ensure_compact
from faqbot.encoder.compact.e5_file import find_e5_file, read_e5_file
from faqbot.encoder.inference.placement import choose_placement
from faqbot.settings import EncoderSettings
from training.head_losses import Heads, contrastive_loss, mode_scores
from training.hidden_states import HiddenStates, hidden_states
from training.measure_heads import Scores, Task, held_out_task, hit_at_1, read_tasks
from training.start_heads import start_heads
from training.text_groups import TextSet, draw_pairs, read_text_sets
from training.training_record import save_heads, save_record, table

_QUIET = 0.02


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the result depends on besides data and code; chosen on held-out training sets (`--hold-out`).

    Attributes:
        seed: Of the batches.
        steps: Batches seen.
        batch: Pairs in a batch, all from one set.
        learning_rate: Adam's; falls to zero along a cosine.
        temperature: Divides scores in the loss; FlagEmbedding's for M3.
        towards_start: How hard the heads are held near where they began: the factor of their squared change.
        silence: How hard term weights of the instruction's tokens are pushed to zero.
        set_share: A set is drawn with probability proportional to its wordings to this power.
    """

    seed: int = 20
    steps: int = 400
    batch: int = 64
    learning_rate: float = 3e-4
    temperature: float = 0.02
    towards_start: float = 1e-3
    silence: float = 3.0
    set_share: float = 0.5


def train(
    recipe: Recipe, start: dict[str, Tensor], sets: Sequence[TextSet], hidden: HiddenStates
) -> tuple[Heads, list[float]]:
    """Train both heads; the same result each time on one machine.

    Args:
        recipe: See there.
        start: Heads to begin with.
        sets: What to learn from.
        hidden: States of all their wordings.

    Returns:
        The heads, and the mean contrastive loss of each hundred steps.
    """
    heads = Heads(start)
    learned = [parameter for parameter in heads.parameters() if parameter.requires_grad]
    origin = [parameter.detach().clone() for parameter in learned]
    optimiser = torch.optim.Adam(learned, lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, recipe.steps)
    draw = torch.Generator().manual_seed(recipe.seed)
    members = [[[hidden.index[text] for text in group] for group in one.groups] for one in sets]
    shares = torch.tensor([float(one.rows) for one in sets]) ** recipe.set_share
    losses: list[float] = []
    for step in range(1, recipe.steps + 1):
        groups = members[int(torch.multinomial(shares, 1, generator=draw))]
        entry, questions, wordings = draw_pairs(groups, recipe.batch, draw)
        scores = mode_scores(heads, hidden.side(questions), hidden.side(wordings))
        loss = contrastive_loss(scores, entry, recipe.temperature)
        moved = torch.stack([((now - then) ** 2).sum() for now, then in zip(learned, origin, strict=True)]).sum()
        heard = torch.relu(heads.sparse_linear(hidden.instruction) + _QUIET).square().mean()
        optimiser.zero_grad()
        torch.autograd.backward(loss + recipe.towards_start * moved + recipe.silence * heard)
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 100 == 0:
            print(f"step {step} of {recipe.steps}: loss {sum(losses[-100:]) / 100:.3f}", flush=True)
    hundreds = [losses[at : at + 100] for at in range(0, recipe.steps, 100)]
    return heads.eval(), [round(sum(part) / len(part), 4) for part in hundreds]


@dataclass(frozen=True, slots=True)
class _Backbone:
    """The frozen model, and how it is run."""

    folder: Path
    precision: str

    def states(self, texts: list[str]) -> HiddenStates:
        """States of the texts."""
        return hidden_states(self.folder, INSTRUCTION, texts, precision=self.precision)


def main() -> None:
    """Train, write the heads and their record; or, with `--hold-out`, only measure on the sets held out."""
    arguments = _arguments()
    began = time.monotonic()
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(arguments.threads)
    backbone = _Backbone(
        ensure_compact(EncoderSettings().cache_dir, print),
        choose_placement(EncoderSettings(device="cpu", precision=arguments.precision)).precision,
    )
    sets = read_text_sets(arguments.data)
    print(f"Encoding {sum(one.rows for one in sets)} wordings in {backbone.precision}.", flush=True)
    hidden = backbone.states([text for one in sets for group in one.groups for text in group])
    start = start_heads(hidden, _log_probabilities())
    kept = [one for one in sets if one.name not in arguments.hold_out]
    heads, losses = train(Recipe(), start, kept, hidden)
    if arguments.hold_out:
        tasks = [held_out_task(one) for one in sets if one.name in arguments.hold_out]
        print(table(_measure(Heads(start), hidden, tasks), _measure(heads, hidden, tasks)))
        return
    save_heads(heads, arguments.output)
    tasks = read_tasks(arguments.data)
    print("Measuring on sets that took no part.", flush=True)
    unseen = backbone.states([text for task in tasks for text in task.texts])
    before = _measure(Heads(start), unseen, tasks)
    after = _measure(heads, unseen, tasks)
    print(table(before, after))
    minutes = (time.monotonic() - began) / 60
    save_record(
        arguments.output, recipe=Recipe(), sets=kept, losses=losses, before=before, after=after,
        precision=backbone.precision, minutes=minutes,
    )  # fmt: skip
    print(f"Wrote {arguments.output} and its record in {minutes:.1f} minutes.")


def _measure(heads: Heads, hidden: HiddenStates, tasks: Sequence[Task]) -> dict[str, Scores]:
    return {task.name: hit_at_1(heads, hidden, task) for task in tasks}


def _log_probabilities() -> Tensor:
    pieces = read_e5_file(find_e5_file()).pieces
    return torch.tensor([log_probability for _, log_probability in pieces])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.train_heads", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one sub-folder per set; see the README")
    parser.add_argument("--hold-out", nargs="+", default=[], metavar="SET", help="train without these, measure on them")
    parser.add_argument("--output", type=Path, default=TRAINED_HEADS, help="where the heads go (%(default)s)")
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto", help="of the frozen backbone")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
