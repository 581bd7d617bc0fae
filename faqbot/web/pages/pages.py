"""The page at `/`, a chat with the bot and the comparison of two texts; and the widget's page at `/demo`."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, make_response, render_template, request

from faqbot import __version__
from faqbot.errors import FaqbotError
from faqbot.knowledge import Entry
from faqbot.services.values.messages import MessageLanguage, message_language
from faqbot.web.current import services, settings
from faqbot.web.pages.texts import TEXTS

blueprint = APIBlueprint("pages", __name__, enable_openapi=False)

_EXAMPLES = 4

# The strictest policy that a page with the widget can have: it shows that the widget needs no more.
_DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@blueprint.get("/")
def home() -> str:
    """Show the page in the reader's language."""
    language = _language()
    return render_template(
        "home.html",
        language=language,
        texts=TEXTS[language],
        all_texts=TEXTS,
        examples={one: _examples(one) for one in TEXTS},
        ask_open=settings().web.ask_open,
        longest=settings().web.question_characters,
        version=__version__,
    )


@blueprint.get("/demo")
def demo() -> Response:
    """Show the widget on a page with a strict policy."""
    language = _language()
    page = render_template(
        "demo.html",
        language=language,
        texts=TEXTS[language],
        questions=_examples(language),
        ask_open=settings().web.ask_open,
        server=(settings().web.public_url or "").rstrip("/"),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _DEMO_POLICY
    return response


def _language() -> MessageLanguage:
    default = settings().web.language
    wanted = request.args.get("lang") or request.accept_languages.best_match(["zh", "en"]) or ""
    return message_language(wanted, default)


def _examples(language: MessageLanguage) -> list[str]:
    """Standard questions to begin with, one per category; none while nothing can be asked openly."""
    if not settings().web.ask_open:
        return []
    try:
        entries = services().published.snapshot.entries.values()
    except FaqbotError:
        return []
    return pick_examples(list(entries), language)


def pick_examples(entries: list[Entry], language: MessageLanguage) -> list[str]:
    """The first standard question of each category in a language, four at most."""
    by_category: dict[str, str] = {}
    for entry in entries:
        if entry.language.lower().split("-")[0] in ("", language):
            by_category.setdefault(entry.category, entry.standard_question)
    return list(by_category.values())[:_EXAMPLES]
