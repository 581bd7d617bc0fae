"""Learn to recognise what every service desk hears: `python -m training.fit_service_desk`.

From the wordings of `knowledge_base/service_desk.yaml` and the everyday questions beside them, all written for this,
with the compact model's dense vectors. Prints how many of the wordings a recogniser that never saw them finds, and for
how many everyday questions it takes one. About a minute on two cores.
"""

from __future__ import annotations

import numpy as np

from faqbot.bootstrap.content import EVERYDAY, SERVICE_DESK, content_file
from faqbot.encoder.opening import open_encoder
from faqbot.matching.service_desk.recogniser import SHIPPED, learn
from faqbot.services.conversation.recognition import encoded, learn_recogniser
from faqbot.services.conversation.service_desk import read_everyday, read_service_desk
from faqbot.settings import EncoderSettings

_FOLDS = 5
_LIKELY = 0.5


def main() -> None:
    """Fit, print what it is worth, and write the file that ships."""
    encoder = open_encoder(EncoderSettings(model="compact"), print)
    desk, everyday = read_service_desk(content_file(SERVICE_DESK)), read_everyday(content_file(EVERYDAY))
    names = np.array([name for name, _wording in desk.meant])
    wordings, others = encoded(encoder, [wording for _name, wording in desk.meant]), encoded(encoder, everyday)
    random = np.random.default_rng(0)
    fold, other_fold = random.integers(0, _FOLDS, len(names)), random.integers(0, _FOLDS, len(everyday))
    right, near, taken = (np.zeros(count, dtype=bool) for count in (len(names), len(names), len(everyday)))
    people = {topic.name for topic in desk.topics.values() if topic.hands_off}
    for held in range(_FOLDS):
        recogniser = learn(list(names[fold != held]), wordings[fold != held], others[other_fold != held], "")
        found = recogniser.recognise(wordings[fold == held])
        likely = [(name, p >= _LIKELY) for name, p in found]
        right[fold == held] = [seen and a == b for (a, seen), b in zip(likely, names[fold == held], strict=True)]
        near[fold == held] = [seen and name in people for name, seen in likely]
        taken[other_fold == held] = [p >= _LIKELY for _name, p in recogniser.recognise(others[other_fold == held])]
    for name in sorted(set(names)):
        print(f"{name:16} {right[names == name].mean():.3f} of {(names == name).sum()} held-out wordings")
    asked = np.isin(names, list(people))
    print(f"{'any with people':16} {near[asked].mean():.3f} of {asked.sum()} that should lead to a person do")
    print(f"{'none of them':16} {taken.mean():.4f} of {len(everyday)} everyday questions are taken for a topic")
    learn_recogniser(encoder, desk, everyday).save(SHIPPED)


if __name__ == "__main__":
    main()
