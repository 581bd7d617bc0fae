"""From the settings to an encoder that is ready."""

from __future__ import annotations

from pathlib import Path

from faqbot.encoder.checkpoints import hub
from faqbot.encoder.checkpoints.checkpoint import Checkpoint, check
from faqbot.encoder.compact.building import ensure_compact
from faqbot.encoder.encoding import Encoder, Report
from faqbot.encoder.quiet import quieten_libraries
from faqbot.errors import ModelUnavailable
from faqbot.language import _
from faqbot.settings import EncoderSettings


def open_encoder(settings: EncoderSettings, report: Report | None = None) -> Encoder:
    """Find the model that the settings name, fetch or build it where needed, and load it.

    A model named outright is never replaced by another; only `auto` chooses, and `info.reason` says why.

    Args:
        settings: Section `encoder` of the settings.
        report: Told, in one line each, what takes its time.

    Raises:
        ModelUnavailable: The model is neither here nor can be had, or is incomplete.
        SettingsError: The device is not there.
    """
    quieten_libraries()
    checkpoint = _find(settings, report or _silence)
    from faqbot.encoder.inference.m3_encoder import M3Encoder
    from faqbot.encoder.inference.placement import choose_placement

    return M3Encoder(checkpoint, settings, choose_placement(settings))


def _find(settings: EncoderSettings, report: Report) -> Checkpoint:
    name = settings.model.strip()
    if name == "auto":
        return _find_best(settings, report)
    if name == "compact":
        return _compact(settings, report, _("The settings name the compact model"))
    path = Path(name).expanduser()
    if path.is_dir():
        check(path, name)
        return Checkpoint(path.resolve().name, path, _("The settings name the folder {path}", path=path))
    if hub.is_hub_name(name):
        return Checkpoint(name, hub.fetch(name, settings.cache_dir, report), _("The settings name this model"))
    raise ModelUnavailable(
        _(
            "Setting 'encoder.model' is '{name}', which is neither auto, compact, a hub name such as "
            "{model}, nor a folder that exists.",
            name=name,
            model=hub.BGE_M3,
        )
    )


def _find_best(settings: EncoderSettings, report: Report) -> Checkpoint:
    folder = hub.find_cached(hub.BGE_M3, settings.cache_dir)
    if folder:
        return Checkpoint(hub.BGE_M3, folder, _("{model} is on this machine, so it was chosen", model=hub.BGE_M3))
    try:
        reason = _("{model} is not on this machine, so the compact model was chosen", model=hub.BGE_M3)
        return _compact(settings, report, reason)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            _(
                "{model} is not on this machine, and the compact model cannot be used: {error}",
                model=hub.BGE_M3,
                error=error.message,
            )
        ) from error


def _compact(settings: EncoderSettings, report: Report, reason: str) -> Checkpoint:
    folder = ensure_compact(settings.cache_dir, report)
    return Checkpoint("compact", folder, reason, recipe=folder.name)


def _silence(_line: str) -> None:
    """Stand in for a report that nobody reads."""
