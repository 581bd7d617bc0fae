"""A checkpoint's tokenizer, as the library that does the work gives it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

# Classes that take `tokenizer.json` as it is; every other one may rebuild parts of it.
_PLAIN = ("TokenizersBackend", "PreTrainedTokenizerFast")
# The four that FlagEmbedding leaves out of lexical weights.
_WITHOUT_WEIGHT = ("cls_token", "eos_token", "pad_token", "unk_token")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenizer that many threads may use at once, since nothing about it changes from call to call.

    Attributes:
        tokenizer: Adds special tokens, does not pad.
        special_ids: Tokens that get no lexical weight.
    """

    tokenizer: Tokenizer
    special_ids: frozenset[int]

    def ids(self, texts: list[str]) -> list[list[int]]:
        """The token ids of each text."""
        return [encoded.ids for encoded in self.tokenizer.encode_batch(texts)]

    def pieces(self, ids: list[int]) -> list[str]:
        """What the ids stand for, as people read it."""
        found = [self.tokenizer.id_to_token(token) or "" for token in ids]
        return [piece.lstrip("▁") or piece for piece in found]

    def cut_off_at(self, limit: int) -> None:
        """Read no more than so many tokens of a text, special ones included; to be called before threads use it."""
        self.tokenizer.enable_truncation(limit)


def load_tokens(folder: Path) -> Tokens:
    """Load a checkpoint's tokenizer, giving the ids that `transformers` gives.

    Where `transformers` would take `tokenizer.json` as it is, so do we, because its tokenizer classes take half a
    second to import.

    Args:
        folder: The checkpoint.
    """
    config = folder / "tokenizer_config.json"
    facts = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    if facts.get("tokenizer_class") in _PLAIN and (folder / "tokenizer.json").is_file():
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        special = [tokenizer.token_to_id(_content(facts[role])) for role in _WITHOUT_WEIGHT if facts.get(role)]
    else:
        from transformers import AutoTokenizer

        loaded = AutoTokenizer.from_pretrained(folder)
        tokenizer = loaded.backend_tokenizer
        special = [getattr(loaded, f"{role}_id") for role in _WITHOUT_WEIGHT]
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Tokens(tokenizer, frozenset(token for token in special if token is not None))


def _content(token: str | dict[str, str]) -> str:
    return token if isinstance(token, str) else token["content"]
