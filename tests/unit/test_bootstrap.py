from __future__ import annotations

from threadpoolctl import threadpool_info, threadpool_limits

from faqbot.bootstrap import Container
from faqbot.settings import Settings


def test_numpy_leaves_the_cores_to_the_model_and_to_other_questions() -> None:
    with threadpool_limits(2, user_api="blas"):
        Container(Settings())
        assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == {1}
