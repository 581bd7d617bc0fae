"""A long row of stored encodings, put into temporary files and read from there as if it were memory.

The system keeps in memory what is in use and drops the rest. The files have no name: they end with the process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

import numpy as np

from faqbot.encoder.stacked import StackedEncodings, TokenVectors
from faqbot.errors import StorageError
from faqbot.language import _
from faqbot.storage.codec.vectors import Blocks


def stack_in_files(encodings: Iterable[Blocks]) -> StackedEncodings:
    """Stack encodings, at least one, all of one dimension; they are taken one by one and not kept in memory.

    Raises:
        StorageError: There is no room for temporary files.
    """
    ids, weights, lengths, dimension = [], [], [], 0
    try:
        with tempfile.TemporaryFile() as dense, tempfile.TemporaryFile() as tokens:
            for blocks in encodings:
                dense.write(blocks.dense.data)
                tokens.write(blocks.multi_vector.data)
                ids.append(blocks.token_ids.astype(np.int32))
                weights.append(blocks.token_weights.copy())
                lengths.append(len(blocks.multi_vector))
                dimension = len(blocks.dense)
            dense.flush()
            tokens.flush()
            ends = np.cumsum(lengths)
            # The mappings outlive the files.
            dense_rows = np.memmap(dense, np.float32, "r", shape=(len(lengths), dimension))
            token_rows = np.memmap(tokens, np.float16, "r", shape=(int(ends[-1]), dimension))
    except OSError as error:
        raise StorageError(
            _(
                "The vectors cannot be laid out in temporary files ({reason}): make room, or set TMPDIR to a "
                "folder on a disk that has it.",
                reason=error.strerror or error,
            )
        ) from error
    return StackedEncodings(
        dense=np.asarray(dense_rows),
        tokens=TokenVectors(np.asarray(token_rows), np.concatenate(([0], ends[:-1])), ends),
        lexical_ids=np.concatenate(ids),
        lexical_weights=np.concatenate(weights),
        lexical_starts=np.concatenate(([0], np.cumsum([len(row) for row in ids]))),
    )
