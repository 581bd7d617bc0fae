"""Models from the Hugging Face hub: found in a cache on this machine, or downloaded."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faqbot.encoder.checkpoints.checkpoint import check, missing_files, missing_names
from faqbot.encoder.encoding import Report
from faqbot.encoder.quiet import quieten_libraries
from faqbot.errors import ModelUnavailable

if TYPE_CHECKING:
    from huggingface_hub.utils.tqdm import tqdm
from faqbot.language import _

BGE_M3 = "BAAI/bge-m3"
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_ANSWER_SECONDS = 10
_REPORT_SECONDS = 5


def is_hub_name(name: str) -> bool:
    """Whether the text has the form `owner/name`."""
    return bool(_HUB_NAME.fullmatch(name))


def find_cached(name: str, cache_dir: Path) -> Path | None:
    """The complete snapshot in our own cache folder, else in the hub library's; `None` where neither has one."""
    quieten_libraries()
    from huggingface_hub import constants, try_to_load_from_cache

    for cache in (_own_cache(cache_dir), Path(constants.HF_HUB_CACHE)):
        config = try_to_load_from_cache(name, "config.json", cache_dir=cache)
        if isinstance(config, str) and not missing_files(Path(config).parent):
            return Path(config).parent
    return None


def fetch(name: str, cache_dir: Path, report: Report) -> Path:
    """The model's folder: from a cache, else downloaded. An interrupted download goes on where it stopped.

    Raises:
        ModelUnavailable: The hub cannot be reached, does not know the model, or the model lacks a file.
    """
    cached = find_cached(name, cache_dir)
    if cached:
        return cached
    sizes = _list_files(name)
    missing = missing_names(sizes)
    if missing:
        raise ModelUnavailable(
            _(
                "Model {name} on the hub is not in BGE-M3's layout; it lacks {missing}.",
                name=name,
                missing=list(missing),
            )
        )
    folder = _download(name, {file: sizes[file] for file in needed_files(sizes)}, cache_dir, report)
    check(folder, name)
    report(_("Model {name} is ready in {folder}.", name=name, folder=folder))
    return folder


def _own_cache(cache_dir: Path) -> Path:
    return cache_dir.expanduser() / "hub"


def _list_files(name: str) -> dict[str, int]:
    """Bytes per file, as the hub lists them."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        # One request without retries, so that a machine without the hub learns so in seconds.
        siblings = HfApi().model_info(name, files_metadata=True, timeout=_ANSWER_SECONDS).siblings or []
    except RepositoryNotFoundError:
        raise ModelUnavailable(
            _(
                "The hub knows no model '{name}'; check encoder.model, or set HF_TOKEN if the model is private.",
                name=name,
            )
        ) from None
    except Exception as error:
        raise ModelUnavailable(
            _(
                "Model {name} is not on this machine and the model hub cannot be reached ({reason}); set "
                "encoder.model to compact or to the path of a checkpoint, or try again with a network.",
                name=name,
                reason=_first_line(error),
            )
        ) from error
    return {sibling.rfilename: sibling.size or 0 for sibling in siblings}


def needed_files(names: Collection[str]) -> list[str]:
    """Of a repository's files those that we load: not the other formats of the same weights that lie beside them."""
    kept = [name for name in names if "/" not in name or name == "1_Pooling/config.json"]
    kept = [name for name in kept if name.endswith((".json", ".pt", ".model", ".txt", ".safetensors", ".bin"))]
    if any(name.endswith(".safetensors") for name in kept):
        kept = [name for name in kept if not name.endswith((".bin", ".bin.index.json"))]
    return kept


def _download(name: str, sizes: dict[str, int], cache_dir: Path, report: Report) -> Path:
    from huggingface_hub import snapshot_download

    cache = _own_cache(cache_dir)
    report(
        _(
            "Downloading {name} (once, {size:.0f} MB) to {cache}.",
            name=name,
            size=sum(sizes.values()) / 1e6,
            cache=cache,
        )
    )
    try:
        progress = _progress_class(name, sum(sizes.values()), report)
        folder = snapshot_download(name, cache_dir=cache, allow_patterns=list(sizes), tqdm_class=progress)
    except Exception as error:
        raise ModelUnavailable(
            _(
                "The download of {name} stopped ({reason}); try again, it goes on where it stopped.",
                name=name,
                reason=_first_line(error),
            )
        ) from error
    return Path(folder)


def _progress_class(name: str, total: int, report: Report) -> type[tqdm]:
    """The hub library's progress bar, which reports lines instead of drawing."""
    from huggingface_hub.utils.tqdm import tqdm

    class Progress(tqdm):
        """One bar per way of counting the bytes of all files, and one that counts files."""

        reported = time.monotonic()

        def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
            self._counts_bytes = options.get("unit") == "B"
            super().__init__(*args, **{**options, "disable": True})  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> None:
            self.n += n or 0
            now = time.monotonic()
            if self._counts_bytes and now - Progress.reported >= _REPORT_SECONDS:
                Progress.reported = now
                report(
                    _(
                        "Downloading {name}: {arrived:.0f} of {total:.0f} MB.",
                        name=name,
                        arrived=self.n / 1e6,
                        total=total / 1e6,
                    )
                )

    return Progress


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
