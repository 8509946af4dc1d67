"""Markdown of the content files to the editor's rich text."""

import pytest

from pages.markdown import MarkdownError, parse


def test_second_level_headings_make_sections():
    prose = parse("Before.\n\n## One\n\nText.\n\n### Part\n\nMore.\n\n## Two\n\n- a\n- b\n")
    assert prose.sections == [
        ("", "<p>Before.</p>"),
        ("One", "<p>Text.</p><h3>Part</h3><p>More.</p>"),
        ("Two", "<ul><li>a</li><li>b</li></ul>"),
    ]


def test_lines_join_and_tags_are_those_of_the_editor():
    assert parse("a *b*\n**c** & <d>").sections == [("", "<p>a <i>b</i> <b>c</b> &amp; &lt;d&gt;</p>")]
    assert parse("<https://x.org/?a=1&b=2>").sections[0][1].startswith('<p><a href="https://x.org/?a=1&amp;b=2">')
    assert parse("1. a\n\n2. b").sections == [("", "<ol><li>a</li><li>b</li></ol>")]


def test_a_quotation_that_begins_in_bold_is_a_callout():
    prose = parse("## One\n\nText.\n\n> **Old rates** They are\n> from *1999*.\n\nRest.")
    assert prose.callouts == [("Old rates", "<p>They are from <i>1999</i>.</p>")]
    assert prose.sections == [("One", "<p>Text.</p><p>Rest.</p>")]


def test_links_to_scripts_stay_text():
    assert "href" not in parse("[x](javascript:alert(1))").sections[0][1]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x\n\n# One", "line 3: heading '#'"),
        ("#### One", "use paragraphs, lists"),
        ("> Just words.", "begin the quotation with a bold title"),
        ("> x **late** y", "begin the quotation with a bold title"),
        ("![x](y.png)", "image cannot be shown"),
        ("a `b`", "code_inline cannot be shown"),
        ("a\n\n```\nb\n```", "line 3: fence"),
        ("- > a", "move it out"),
        ("- a\n\n  b", "one paragraph"),
        ("a\n\n---\n\nb", "line 3: hr"),
    ],
)
def test_what_a_page_cannot_show_is_refused_by_line(source, says):
    with pytest.raises(MarkdownError, match=says):
        parse(source)
