"""What HTML says is still said by the Markdown that takes its place."""

from __future__ import annotations

import time

import pytest

from faqbot.formats import safe_answer


@pytest.mark.parametrize(
    ("page", "markdown"),
    [
        # Tables
        (
            "<table><tr><th>Service</th><th>Days</th></tr><tr><td>Standard</td><td>3</td></tr></table>",
            "| Service | Days |\n| --- | --- |\n| Standard | 3 |",
        ),
        (
            "<table><thead><tr>\n<th>A</th>\n<th>B</th></tr></thead>\n<tbody>\n<tr><td>1</td><td>2</td></tr></tbody></table>",
            "| A | B |\n| --- | --- |\n| 1 | 2 |",
        ),
        # Without headings no row is one; cells may end where the next begins.
        ("<table><tr><td>a<td>1<tr><td>b<td>2</table>", "|  |  |\n| --- | --- |\n| a | 1 |\n| b | 2 |"),
        (
            "<table><tr><th>When<th>Where</tr><tr><td>Mon<br>Tue<td>a|b</tr></table>",
            "| When | Where |\n| --- | --- |\n| Mon; Tue | a\\|b |",
        ),
        (
            "<table><tr><th colspan=2>Fees</th><th>EU</th></tr><tr><td>a</td><td>1</td><td>2</td></tr></table>",
            "| Fees |  | EU |\n| --- | --- | --- |\n| a | 1 | 2 |",
        ),
        ("<table><tr><td>One</td></tr><tr><td>Two</td></tr></table>", "One\nTwo"),
        (
            "<table><tr><th>A<th>B</tr><tr><td><ul><li>x</li><li>y</li></ul><td><b>z</b></table>",
            "| A | B |\n| --- | --- |\n| x; y | **z** |",
        ),
        # High and low
        ("10<sup>6</sup> files on 60 m<sup>2</sup>", "10^6 files on 60 m^2"),
        ("x<sup>n+1</sup>, 10<sup>-3</sup>", "x^(n+1), 10^-3"),
        ("H<sub>2</sub>O, a<sub>i,j</sub>", "H_2O, a_(i,j)"),
        ("the 1<sup>st</sup>, Acme<sup>®</sup>", "the 1st, Acme®"),
        # Lists
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<ol start='3'><li>a<li>b</ol>", "3. a\n4. b"),
        (
            "<ol><li>Unplug.</li><li>Wait<ul><li>30 s</li><li>or more</li></ul></li><li>Plug in.</li></ol>",
            "1. Unplug.\n2. Wait\n   - 30 s\n   - or more\n3. Plug in.",
        ),
        ("<ul>\n  <li><p>a</p></li>\n  <li>b<br>c</li>\n</ul>", "- a\n- b\n  c"),
        ("<dl><dt>Red</dt><dd>no power</dd><dt>Green</dt><dd>ready</dd></dl>", "- Red: no power\n- Green: ready"),
        # Links, pictures, films
        ("<a href='https://x.com'><b>go</b> there</a>", "[**go** there](https://x.com)"),
        ("<a name='x'>here</a>", "here"),
        ("<video controls src='https://x.com/a.mp4'></video>", "[https://x.com/a.mp4](https://x.com/a.mp4)"),
        ("<video><source src='https://x.com/b.mp4'></video>", "[https://x.com/b.mp4](https://x.com/b.mp4)"),
        ("<iframe src='https://x.com/v'>old</iframe>", "[https://x.com/v](https://x.com/v)"),
        # Breaks, entities, emphasis
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>5 &lt; 6 &amp;&nbsp;7 &#8364;</p>", "5 < 6 &\xa07 €"),
        ("<b>Note: </b>see <i> this</i><b></b>", "**Note:** see  *this*"),
        ("<h2>Fees</h2>\n<p>None.</p>", "## Fees\n\nNone."),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<p>Type <code>git status</code>.</p>", "Type `git status`."),
        ("<pre><code>if x:\n    go()\n</code></pre>", "```\nif x:\n    go()\n```"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
        # Markdown with a tag in it stays Markdown.
        ("- a\n  - b<br>\n\n**c** | d_e_f", "- a\n  - b\n\n**c** | d_e_f"),
        # What was left open is closed at the end, and ends of nothing are nothing.
        ("</b></li>a <b>b <i>c", "a **b *c***"),
    ],
)
def test_html_becomes_markdown(page: str, markdown: str) -> None:
    found = safe_answer(page)
    assert found.strip() == markdown
    assert safe_answer(found) == found


@pytest.mark.parametrize(
    "text", ["if a<b and c>d", "<b class>x", "x <table of contents> y", "a <li b", "<sup 2>", "1 <p 2> 3"]
)
def test_what_only_looks_like_a_tag_keeps_every_word(text: str) -> None:
    assert safe_answer(text).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "piece",
    [
        "<b>",
        "</b>",
        "<ul><li>",
        "<li>",
        "<table>",
        "<table><tr><td>",
        "<td>",
        "<tr>",
        "<td colspan=999>",
        "<sup>",
        "<blockquote>",
        "<pre>",
        "<a href=x>",
        "<dl><dt>",
        "<br>",
        "<ol><li><br>",
        "<script></script>",
        "<b x=",
        "<p>&",
        "<p>&lt;",
        "<!-- <b>",
    ],
)
@pytest.mark.parametrize("tail", ["", "<br>x" * 10_000])
def test_time_and_length_are_linear_in_the_text(piece: str, tail: str) -> None:
    text = piece * (100_000 // len(piece)) + tail
    start = time.perf_counter()
    found = safe_answer(text)
    # A second or two; the square of the length would take minutes.
    assert time.perf_counter() - start < 15
    assert len(found) < 10 * len(text)
