"""Loading the model once for several processes, which share its memory."""

from __future__ import annotations

from collections.abc import Callable

from faqbot.encoder.encoding import Encoder, Report
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings


def preload(settings: EncoderSettings, processes: int, report: Report) -> Callable[[], Encoder] | None:
    """Load the model in a process that is going to fork.

    Nothing writes to the matrices afterwards, so the processes share their pages. Threads do not survive a fork, so
    until then torch gets none but the caller's own.

    Args:
        settings: Section `encoder` of the settings.
        processes: How many are going to be forked.
        report: Told what takes its time.

    Returns:
        What each of them calls for the encoder; where `encoder.threads` is 0 it uses its share of the cores. None where
        a GPU may be used: its driver cannot be forked.

    Raises:
        ModelUnavailable: As `open_encoder`.
    """
    import torch

    if settings.device != "cpu" and (torch.version.cuda or torch.version.hip):
        return None
    threads = settings.threads or max(1, torch.get_num_threads() // processes)
    encoder = open_encoder(settings.model_copy(update={"threads": 1}), report)

    def in_process() -> Encoder:
        torch.set_num_threads(threads)
        return encoder

    return in_process
