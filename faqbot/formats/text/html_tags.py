"""Which `<...>` in a text is HTML: only well-formed tags of HTML's own elements.

So `if a<b and c>d` and `<your order number>` stay what they are: text.
"""

from __future__ import annotations

import re

WITHOUT_TEXT = frozenset(
    re.findall(
        r"\w+", "script style iframe object embed applet noscript template svg math title head textarea select rp"
    )
)
"""Their content is not what a reader sees."""

_OTHERS = (
    "p|div|h[1-6]|ul|ol|menu|dir|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|col|colgroup|blockquote|pre|"
    "section|article|header|footer|form|nav|main|aside|figure|figcaption|address|details|summary|fieldset|legend|"
    "br|hr|wbr|b|strong|i|em|del|s|strike|code|tt|samp|kbd|var|sup|sub|q|cite|dfn|abbr|acronym|time|data|u|ins|mark|"
    "small|big|span|font|center|bdi|bdo|ruby|rt|a|img|picture|map|area|video|audio|source|track|html|body|meta|link|"
    "base|label|input|button|option|optgroup|output|progress|meter|frame|frameset|marquee"
)
# No part of a tag reaches past the next `<`, so the search stays linear in the length of the text.
_VALUE = r"""[\w:@.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=`]+)"""
_BARE = (
    "(?:disabled|checked|selected|hidden|controls|autoplay|loop|muted|open|nowrap|async|defer|allowfullscreen|reversed)"
)
_TAG = re.compile(rf"<(/?)({'|'.join(WITHOUT_TEXT)}|{_OTHERS})((?:\s+(?:{_VALUE}|{_BARE}))*)\s*(/?)>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<]*?-->")


def only_html(text: str) -> str | None:
    """The text as HTML in which nothing but true tags looks like one; None where there is no tag in it.

    A tag such as `<script>` without its end is text: it may be a word about HTML, and half an answer would be lost.
    """
    text = _COMMENT.sub("", text)
    lowered = text.lower()
    ends = {name: lowered.rfind(f"</{name}") for name in WITHOUT_TEXT}
    pieces, end = [], 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        # Void, so that they hide nothing.
        if name in WITHOUT_TEXT and name != "embed" and not tag[1] and ends[name] < tag.end():
            continue
        # A slash does not end an element in HTML, but the standard parser believes it.
        pieces += [text[end : tag.start()].replace("<", "&lt;"), f"<{tag[1]}{name}{tag[3]}>"]
        end = tag.end()
    if not pieces:
        return None
    return "".join([*pieces, text[end:].replace("<", "&lt;")])
