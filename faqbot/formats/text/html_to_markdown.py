"""HTML in an answer as the Markdown that says the same, as far as there is one; other text is left as it is.

Exports of other programs hold answers in HTML, and Markdown may have some tags in it. `html_tags` says which they are;
Python's own parser reads them. Libraries that convert pages (markdownify, html2text) take the whole text for HTML:
they fold its lines and escape its Markdown, and the text between the tags would no longer be what its author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote

from faqbot.formats.text.html_tables import Table
from faqbot.formats.text.html_tags import WITHOUT_TEXT, only_html

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "p div table section article header footer form nav main aside figure figcaption address details summary "
        "fieldset legend caption center",
    )
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "strike": "~~"}
_CODE = frozenset({"code", "tt", "samp"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_FRAMES = frozenset(
    {*_MARKS, *_CODE, *_LISTS, *_HEADINGS, "li", "dl", "dt", "dd", "td", "th", "table", "blockquote", "pre", "a", "q"}
    | {"sup", "sub", "rt"}
)
_ONLY_PARTS = _LISTS | {"table", "dl"}
"""Elements that hold other elements; white space between those says nothing."""
_MEDIA = {
    "img": "src",
    "video": "src",
    "audio": "src",
    "source": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
}
# What stands high after a number or a name without being an exponent.
_RAISED = frozenset(["st", "nd", "rd", "th", "er", "re", "e", "ème", "o", "a", "º", "ª", "™", "®", "©", "tm", "sm"])
_DEEPEST, _DEEPEST_LIST = 50, 6
"""Deeper elements are read without their form, so that the work is linear in the length of the text."""
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+|[A-Za-z][\w.+-]*@[\w-]+(?:\.[\w-]+)+)>", re.IGNORECASE)


def without_html(text: str) -> str:
    """Replace comments, autolinks and tags; the content of `<script>` and its like goes along."""
    if "<" not in text:
        return text
    text = _AUTOLINK.sub(_link_of_autolink, text)
    page = only_html(text)
    if page is None:
        return re.sub(r"<!--[^<]*?-->", "", text)
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", reader.markdown())


def link_target(address: str) -> str:
    """An address such that nothing in it ends the Markdown link early: percent codes for brackets and spaces."""
    return quote(address.strip(), safe="/:?#@!$&'*+,;=%~-._")


@dataclass
class _Frame:
    """An element that is open, and what has been written in it."""

    name: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)
    table: Table = field(default_factory=Table)
    number: int = 1


class _Reader(HTMLParser):
    """Markdown in the making: what an element becomes is known when it ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [_Frame("", {})]
        self._hidden_until = ""
        self._begins_line = False

    def markdown(self) -> str:
        while len(self._open) > 1:
            self._end(self._open[-1].name)
        return "".join(self._open[0].pieces)

    def handle_data(self, data: str) -> None:
        if self._hidden_until or (self._open[-1].name in _ONLY_PARTS and not data.strip()):
            return
        if self._begins_line and not self._within("pre"):
            # Behind a block's tag, the source's indentation would read as code.
            data = re.sub(r"^\s*\n[ \t]*", "\n", data)
        self._begins_line = False
        self._write(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_until:
            return
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if tag in _MEDIA:
            self._medium(tag, attributes)
        if tag in WITHOUT_TEXT and tag != "embed":
            self._hidden_until = tag
        elif tag in {"br", "hr"}:
            self._write("\n" if tag == "br" else "\n\n---\n\n")
        elif tag == "tr":
            self._end_within("table", "td", "th")
            if (table := self._nearest("table")) and (not table.table.rows or table.table.rows[-1]):
                table.table.rows.append([])
        elif tag in _FRAMES and len(self._open) < _DEEPEST:
            self._begin(tag, attributes)
        self._begins_line = self._is_block(tag)
        if tag in _BLOCKS - {"table"}:
            self._write("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_until:
            self._hidden_until = "" if tag == self._hidden_until else self._hidden_until
        elif tag in _FRAMES:
            if self._nearest(tag):
                self._end(tag)
        elif tag in _BLOCKS:
            self._write("\n\n")
        self._begins_line = self._is_block(tag)

    def _is_block(self, tag: str) -> bool:
        return tag in _BLOCKS or tag in _ONLY_PARTS or tag in {"li", "tr", "tbody", "thead", "body", "html", "br"}

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        # HTML lets these end where the next one begins.
        if tag == "li":
            self._end_within("|".join(_LISTS), "li")
        elif tag in {"dt", "dd"}:
            self._end_within("dl", "dt", "dd")
        elif tag in {"td", "th"}:
            self._end_within("table", "td", "th")
        self._open.append(_Frame(tag, attributes))
        if tag == "ol" and re.fullmatch(r"\d{1,6}", attributes.get("start", ""), re.ASCII):
            self._open[-1].number = int(attributes["start"])

    def _end_within(self, container: str, *names: str) -> None:
        """End the innermost of these elements, unless it stands outside of the innermost container."""
        for frame in reversed(self._open):
            if frame.name in container.split("|"):
                return
            if frame.name in names:
                self._end(frame.name)
                return

    def _nearest(self, name: str) -> _Frame | None:
        return next((frame for frame in reversed(self._open) if frame.name == name), None)

    def _within(self, name: str) -> bool:
        return self._nearest(name) is not None

    def _end(self, name: str) -> None:
        """End the innermost element of this name, and those that are open in it."""
        while True:
            frame = self._open.pop()
            self._write(self._rendered(frame))
            if frame.name == name:
                return

    def _write(self, text: str) -> None:
        self._open[-1].pieces.append(text)

    def _rendered(self, frame: _Frame) -> str:
        text, name = "".join(frame.pieces), frame.name
        if self._within("pre"):
            return text
        if name in _MARKS:
            return _around(_MARKS[name], text)
        if name in _CODE:
            return _around("`", text) if "`" not in text and "\n" not in text.strip() else text
        if name in _HEADINGS:
            return f"\n\n{'#' * int(name[1])} {' '.join(text.split())}\n\n" if text.strip() else ""
        if name in {"sup", "sub"}:
            return _shifted(text, "^" if name == "sup" else "_")
        if name == "dt":
            return f"\n- {text.strip()}"
        if name == "dd":
            return f": {text.strip()}" if text.strip() else ""
        if name in {"q", "rt"}:
            return f'"{text}"' if name == "q" else f"({text})"
        render: dict[str, Callable[[_Frame, str], str]] = {
            "a": self._link,
            "blockquote": self._quotation,
            "pre": self._preformatted,
            "table": self._table,
            "td": self._cell,
            "th": self._cell,
            "li": self._item,
        }
        if name in render:
            return render[name](frame, text)
        # A list, or a list of terms; inside an item it goes on there.
        return f"\n{text.strip()}\n" if self._within("li") else f"\n\n{text.strip()}\n\n"

    def _link(self, frame: _Frame, text: str) -> str:
        label, address = _label(text), frame.attributes.get("href", "")
        return f"[{label}]({link_target(address)})" if label and address else text

    def _quotation(self, _frame: _Frame, text: str) -> str:
        lines = re.sub(r"\n{3,}", "\n\n", text.strip()).split("\n")
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"

    def _preformatted(self, _frame: _Frame, text: str) -> str:
        fence = next((fence for fence in ("```", "~~~") if fence not in text), None)
        text = text.strip("\n")
        return f"\n\n{fence}\n{text}\n{fence}\n\n" if fence and text else f"\n\n{text}\n\n"

    def _table(self, frame: _Frame, text: str) -> str:
        """Below what stands in the table but in no cell, such as its caption."""
        return f"\n\n{text.strip()}\n\n{frame.table.markdown()}\n\n"

    def _cell(self, frame: _Frame, text: str) -> str:
        table = self._nearest("table")
        if table is None:
            return f" {text.strip()} "
        table.table.add_cell(text, heading=frame.name == "th", span=frame.attributes.get("colspan", ""))
        return ""

    def _item(self, _frame: _Frame, text: str) -> str:
        above = next((frame for frame in reversed(self._open) if frame.name in _LISTS), None)
        mark = "- "
        if above and above.name == "ol":
            mark, above.number = f"{above.number}. ", above.number + 1
        text = re.sub(r"\n\s*\n", "\n", text.strip())
        depth = sum(frame.name in _LISTS for frame in self._open)
        # What goes on in the item stands below its first letter.
        return f"\n{mark}" + (text.replace("\n", "\n" + " " * len(mark)) if depth <= _DEEPEST_LIST else text)

    def _medium(self, tag: str, attributes: dict[str, str]) -> None:
        """A picture is shown; anything else that is played or framed is linked to."""
        address = attributes.get(_MEDIA[tag], "")
        if tag == "img" and address:
            self._write(f"![{_label(attributes.get('alt', ''))}]({link_target(address)})")
        elif re.match(r"https?://", address, re.IGNORECASE):
            self._write(f" [{_label(address)}]({link_target(address)}) ")


def _around(mark: str, text: str) -> str:
    """Emphasis that Markdown sees: its marks next to the words."""
    words = text.strip()
    if not words:
        return text
    start = text.index(words)
    return f"{text[:start]}{mark}{words}{mark}{text[start + len(words) :]}"


def _shifted(text: str, mark: str) -> str:
    """`10<sup>6</sup>` as `10^6`, `x<sub>i+1</sub>` as `x_(i+1)`."""
    words = text.strip()
    if not words or words.lower() in _RAISED:
        return words
    return mark + (words if re.fullmatch(r"[-+−]?\w+", words) else f"({words})")


def _label(text: str) -> str:
    return " ".join(text.split()).replace("[", "(").replace("]", ")")


def _link_of_autolink(found: re.Match[str]) -> str:
    address = found[1]
    return f"[{address}]({link_target(address if ':' in address else f'mailto:{address}')})"
