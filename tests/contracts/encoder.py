"""What every encoder promises, whatever model it runs. Subclass and give the fixture `encoder`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from faqbot.encoder import Encoder, Encoding
from faqbot.errors import QuestionEmpty

TEXTS = [
    "How do I reset my password?",
    "怎么修改登录密码？",
    "refund",
    "Wo bleibt mein Paket, das ich vor zwei Wochen bestellt habe?",
    "５００元 ＶＩＰ 会员",
    "refund refund refund",
    "🙂",
    "a",
]


def assert_same(one: Encoding, other: Encoding, tolerance: float) -> None:
    """Two encodings of one text."""
    np.testing.assert_allclose(one.dense, other.dense, atol=tolerance)
    np.testing.assert_allclose(one.multi_vector, other.multi_vector, atol=tolerance)
    for token in one.lexical_weights.keys() | other.lexical_weights.keys():
        difference = one.lexical_weights.get(token, 0.0) - other.lexical_weights.get(token, 0.0)
        assert abs(difference) <= tolerance


class EncoderContract:
    """The claims of `faqbot.encoder.Encoder`."""

    # Rounding only: the largest difference of one number between two runs of one text.
    tolerance = 1e-5

    def test_nothing_to_encode_gives_nothing(self, encoder: Encoder) -> None:
        assert encoder.encode([]) == []

    def test_shapes_and_types_are_as_promised(self, encoder: Encoder) -> None:
        for text, encoding in zip(TEXTS, encoder.encode(TEXTS), strict=True):
            assert encoding.dense.shape == (encoder.info.dimension,)
            assert encoding.multi_vector.shape == (len(encoder.tokens(text)), encoder.info.dimension)
            assert encoding.dense.dtype == encoding.multi_vector.dtype == np.float32
            assert all(type(token) is int and type(w) is float for token, w in encoding.lexical_weights.items())

    def test_vectors_have_length_one(self, encoder: Encoder) -> None:
        for encoding in encoder.encode(TEXTS):
            assert np.linalg.norm(encoding.dense) == pytest.approx(1, abs=1e-5)
            np.testing.assert_allclose(np.linalg.norm(encoding.multi_vector, axis=1), 1, atol=1e-5)

    def test_lexical_weights_are_positive_and_of_the_texts_own_tokens(self, encoder: Encoder) -> None:
        for text, encoding in zip(TEXTS, encoder.encode(TEXTS), strict=True):
            assert all(weight > 0 for weight in encoding.lexical_weights.values())
            assert encoding.lexical_weights.keys() <= {token for token, _ in encoder.tokens(text)}

    def test_the_closing_special_token_ends_the_rows_and_has_no_weight(self, encoder: Encoder) -> None:
        closing = {encoder.tokens(text)[-1] for text in TEXTS}
        assert closing == {(2, "</s>")}
        assert all(2 not in encoding.lexical_weights for encoding in encoder.encode(TEXTS))

    def test_what_stands_beside_a_text_does_not_change_it(self, encoder: Encoder) -> None:
        alone = [encoder.encode([text])[0] for text in TEXTS]
        for one, other in zip(alone, encoder.encode(TEXTS), strict=True):
            assert_same(one, other, self.tolerance)

    def test_order_is_kept(self, encoder: Encoder) -> None:
        forward, backward = encoder.encode(TEXTS), encoder.encode(TEXTS[::-1])
        for one, other in zip(forward, reversed(backward), strict=True):
            assert_same(one, other, self.tolerance)

    def test_threads_agree_with_one_after_the_other(self, encoder: Encoder) -> None:
        expected = encoder.encode(TEXTS)
        with ThreadPoolExecutor(8) as pool:
            for batch in pool.map(encoder.encode, [TEXTS] * 16):
                for one, other in zip(expected, batch, strict=True):
                    assert_same(one, other, self.tolerance)

    @pytest.mark.parametrize(
        "empty",
        ["", "   ", "???", "。！", "\u200b\ufeff", "\n\t", "\ud83d"],
        ids=["nothing", "spaces", "marks", "chinese marks", "invisible", "lines", "half a surrogate pair"],
    )
    def test_a_text_without_content_is_refused_before_the_model(self, encoder: Encoder, empty: str) -> None:
        with pytest.raises(QuestionEmpty):
            encoder.encode(["fine", empty])

    def test_half_a_surrogate_pair_is_left_out(self, encoder: Encoder) -> None:
        broken, whole = encoder.encode(["refund\ud83d", "refund"])
        assert_same(broken, whole, self.tolerance)

    def test_a_text_beyond_the_limit_is_cut_off(self, encoder: Encoder) -> None:
        (encoding,) = encoder.encode(["refund my order " * 2000])
        assert len(encoding.multi_vector) == encoder.info.max_length - 1

    def test_progress_ends_with_all_texts_done(self, encoder: Encoder) -> None:
        seen: list[tuple[int, int]] = []
        encoder.encode(TEXTS, progress=lambda done, total: seen.append((done, total)))
        assert seen == sorted(seen)
        assert seen[-1] == (len(TEXTS), len(TEXTS))
