"""The models that faqbot knows: their facts, and whether they are on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from faqbot.encoder.checkpoints import hub
from faqbot.encoder.checkpoints.checkpoint import check, is_intact, recorded_pooling, shape
from faqbot.encoder.checkpoints.digests import Digests
from faqbot.encoder.compact.building import compact_folder, ensure_compact
from faqbot.encoder.encoding import Report
from faqbot.errors import ModelUnavailable
from faqbot.language import _
from faqbot.settings import EncoderSettings


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What people want to know before they choose a model.

    Attributes:
        name: What `encoder.model` takes.
        licence: Of the weights; `unknown` for a model that is not in the catalogue.
        languages: In words.
        dimension: Length of the dense vector; `None` while unknown.
        max_length: Most tokens of a text that the model can read; `None` while unknown.
        megabytes: Room on disk.
        pooling: `cls` or `mean`; empty while unknown.
        folder: Where it is on this machine; `None` where it is not.
        summary: One sentence.
    """

    name: str
    licence: str
    languages: str
    dimension: int | None
    max_length: int | None
    megabytes: int | None
    pooling: str
    folder: Path | None
    summary: str

    @property
    def is_present(self) -> bool:
        """Whether it can be opened without a download or a build."""
        return self.folder is not None


@dataclass(frozen=True, slots=True)
class ModelList:
    """Every model that faqbot knows."""

    models: tuple[ModelFacts, ...]


def list_models(settings: EncoderSettings) -> ModelList:
    """The two models of the catalogue, and the one that the settings name where it is another."""
    names = ["compact", hub.BGE_M3]
    if settings.model not in (*names, "auto"):
        names.append(settings.model)
    return ModelList(tuple(describe_model(name, settings) for name in names))


def describe_model(name: str, settings: EncoderSettings) -> ModelFacts:
    """The facts of one model. Nothing is downloaded, built or loaded.

    Args:
        name: As in `encoder.model`, `auto` left out.
        settings: Where caches are.

    Raises:
        ModelUnavailable: It is neither in the catalogue, nor a hub name, nor a complete checkpoint's folder.
    """
    if name == "compact":
        folder = compact_folder(settings.cache_dir)
        return ModelFacts(
            name="compact",
            licence="MIT",
            languages="100, Chinese and English among them",
            dimension=384,
            max_length=512,
            megabytes=490,
            pooling="mean",
            folder=folder if is_intact(folder, Digests(settings.cache_dir)) else None,
            summary="intfloat/multilingual-e5-small (118 million parameters), built from an installed package; "
            "needs no network.",
        )
    if name == hub.BGE_M3:
        return ModelFacts(
            name=hub.BGE_M3,
            licence="MIT",
            languages="more than 100, Chinese and English among them",
            dimension=1024,
            max_length=8192,
            megabytes=2300,
            pooling="cls",
            folder=hub.find_cached(hub.BGE_M3, settings.cache_dir),
            summary="The best matches (568 million parameters), downloaded from the model hub.",
        )
    return _describe_other(name, settings)


def pull_model(name: str, settings: EncoderSettings, report: Report) -> ModelFacts:
    """Put a model on this machine: download it, or build it where it is `compact`.

    Raises:
        ModelUnavailable: It cannot be had, or the name is a folder's or `auto`.
    """
    if name == "compact":
        ensure_compact(settings.cache_dir, report)
    elif hub.is_hub_name(name) and not Path(name).expanduser().is_dir():
        hub.fetch(name, settings.cache_dir, report)
    else:
        raise ModelUnavailable(
            _(
                "'{name}' cannot be pulled; name compact or a model on the hub such as {model}.",
                name=name,
                model=hub.BGE_M3,
            )
        )
    return describe_model(name, settings)


def _describe_other(name: str, settings: EncoderSettings) -> ModelFacts:
    folder: Path | None = Path(name).expanduser()
    if folder and folder.is_dir():
        check(folder, name)
    elif hub.is_hub_name(name):
        folder = hub.find_cached(name, settings.cache_dir)
    else:
        raise ModelUnavailable(
            _(
                "There is no model '{name}'; known are compact, {model}, hub names and folders.",
                name=name,
                model=hub.BGE_M3,
            )
        )
    dimension, max_length = shape(folder) if folder else (None, None)
    return ModelFacts(
        name=name,
        licence="unknown",
        languages="unknown",
        dimension=dimension,
        max_length=max_length,
        megabytes=sum(path.stat().st_size for path in folder.iterdir()) // 1_000_000 if folder else None,
        pooling=recorded_pooling(folder) if folder else "",
        folder=folder,
        summary="A checkpoint in BGE-M3's layout that is not in the catalogue.",
    )
