"""HTML in an answer as the Markdown that says the same, as far as there is one; other text is left as it is.

Exports of other programs hold answers in HTML. Only well-formed tags of HTML's own elements count, so that
`if a<b and c>d` and `<your order number>` stay what they are: text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from urllib.parse import quote

_WITHOUT_TEXT = "script|style|iframe|object|embed|applet|noscript|template|svg|math|title|head|textarea|select"
_BLOCKS = "p|div|h[1-6]|ul|ol|table|tr|blockquote|pre|section|article|header|footer|form"
_DROPPED = (
    "html|body|span|font|u|small|big|sub|sup|center|thead|tbody|tfoot|td|th|caption|col|colgroup|label|input|button|"
    "option|fieldset|nav|main|aside|figure|figcaption|abbr|mark|ins|kbd|dl|dt|dd|meta|link|base|video|audio|source|"
    "frame|frameset|marquee"
)
_BREAKS = {"br": "\n", "hr": "\n\n---\n\n", "li": "\n- "}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "code": "`"}
_NAMES = "|".join([_WITHOUT_TEXT, _BLOCKS, _DROPPED, *_BREAKS, *_MARKS, "a", "img"])

# No part of a tag reaches past the next `<`, so the search stays linear in the length of the text.
_VALUE = r"""([\w:@.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)'|([^\s"'<>=`]+))"""
_BARE = "(?:disabled|checked|selected|hidden|controls|autoplay|loop|muted|open|nowrap|async|defer|allowfullscreen)"
_ATTRIBUTE = rf"\s+(?:{re.sub(r'[(](?![?])', '(?:', _VALUE)}|{_BARE})"
_TAG = re.compile(rf"<(/?)({_NAMES})((?:{_ATTRIBUTE})*)\s*/?>", re.IGNORECASE)
_ATTRIBUTE_VALUE = re.compile(_VALUE)
_COMMENT = re.compile(r"<!--[^<]*?-->")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+|[A-Za-z][\w.+-]*@[\w-]+(?:\.[\w-]+)+)>", re.IGNORECASE)


def without_html(text: str) -> str:
    """Replace comments, autolinks and tags; the content of `<script>` and its like goes along."""
    if "<" not in text:
        return text
    text = _AUTOLINK.sub(_link_of_autolink, _COMMENT.sub("", text))
    ends = {name: text.lower().rfind(f"</{name}") for name in _WITHOUT_TEXT.split("|")}
    writer, end = _Writer(ends), 0
    for tag in _TAG.finditer(text):
        writer.write(text[end : tag.start()])
        writer.translate(tag)
        end = tag.end()
    if end == 0:
        return text
    writer.write(text[end:])
    # It was HTML, so its entities are HTML's.
    return re.sub(r"\n{3,}", "\n\n", html.unescape("".join(writer.pieces)))


def link_target(address: str) -> str:
    """An address such that nothing in it ends the Markdown link early: percent codes for brackets and spaces."""
    return quote(address.strip(), safe="/:?#@!$&'*+,;=%~-._")


@dataclass
class _Writer:
    """Markdown in the making, while the tags of a text are walked through.

    Attributes:
        ends: Where the last closing tag of each element without text stands, -1 when there is none.
        pieces: What has been written.
        links: Of every open `<a>`, how many pieces came before it, and its address.
        hidden_until: The element whose content is being left out.
    """

    ends: dict[str, int]
    pieces: list[str] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    hidden_until: str = ""

    def write(self, text: str) -> None:
        if not self.hidden_until:
            self.pieces.append(text)

    def translate(self, tag: re.Match[str]) -> None:
        name, closing = tag[2].lower(), bool(tag[1])
        if self.hidden_until:
            if closing and name == self.hidden_until:
                self.hidden_until = ""
        elif name in self.ends:
            if not closing and self.ends[name] >= tag.end():
                self.hidden_until = name
            elif not closing:
                # Without its end it hides nothing: it may be a word about HTML, and half an answer would be lost.
                self.write(tag[0])
        elif name == "a":
            self._close_link() if closing else self.links.append((len(self.pieces), _attribute(tag, "href")))
        elif name == "img":
            self._image(tag)
        else:
            self.write(_plain(name, closing=closing))

    def _image(self, tag: re.Match[str]) -> None:
        if source := _attribute(tag, "src"):
            self.write(f"![{_label(_attribute(tag, 'alt'))}]({link_target(source)})")

    def _close_link(self) -> None:
        if not self.links:
            return
        start, address = self.links.pop()
        label = _label("".join(self.pieces[start:]))
        if label and address:
            self.pieces[start:] = [f"[{label}]({link_target(address)})"]


def _plain(name: str, *, closing: bool) -> str:
    if name in _BREAKS:
        return "" if closing else _BREAKS[name]
    return "\n\n" if re.fullmatch(_BLOCKS, name) else _MARKS.get(name, "")


def _attribute(tag: re.Match[str], name: str) -> str:
    for found in _ATTRIBUTE_VALUE.finditer(tag[3]):
        if found[1].lower() == name:
            return html.unescape(found[2] or found[3] or found[4] or "")
    return ""


def _label(text: str) -> str:
    return " ".join(text.split()).replace("[", "(").replace("]", ")")


def _link_of_autolink(found: re.Match[str]) -> str:
    address = found[1]
    return f"[{address}]({link_target(address if ':' in address else f'mailto:{address}')})"
