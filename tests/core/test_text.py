import html as entities

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.markup import attributes, decode, pieces
from core.text import plain_text

MARKUP = st.lists(
    st.sampled_from(
        ["<", ">", "</", "/>", "<p>", "</p>", "<b", " class=x", '="', "='", "'", '"', "<!--", "-->", "--!>", "<!", "<?",
         "&", "&amp;", "&nbsp;", "&#x41;", "&#0;", "&notit;", "&NotEqualTilde;", "<script>", "</script ", "<textarea>",
         "<template>", "a", " ", "\n", "é", "\0", "\ud800", "=", "/"]
    )
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>One <b>two</b>three</p><p>Four</p>", "One twothree\nFour"),
        ("a<br>b<br/>c<hr>d", "a\nb\nc\nd"),
        ("<ul><li>a</li>\n <li>b<ul><li>c</ul></ul>", "a\nb\nc"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><th>3</table>", "1 2\n3"),
        ("a <script>if (a < b) '</p>'</script><style>p{}</style><template><p>x</p></template>b", "a b"),
        ("a<!-- <p>b --> c<!-- > --!> d<!doctype html>", "a c d"),
        ("&amp;lt; &eacute;&#233;&#xE9; &unknown; AT&T &copy", "&lt; ééé &unknown; AT&T ©"),
        ("social&nbsp;security", "social\u00a0security"),
        ("  many \t\n spaces  ", "many spaces"),
        ("<p title='a > b'>x", "x"),
        ("a < b and <3", "a < b and <3"),
        ("<p", ""),
        ("x</p", "x"),
        ("<textarea>a <b> c</textarea>", "a <b> c"),
        ("a&#0;b\0c\ud800", "a\ufffdbc"),
        ("", ""),
    ],
)
def test_plain_text(source, expected):
    assert plain_text(source) == expected


@given(MARKUP)
def test_pieces_are_the_source(source):
    found = list(pieces(source))
    assert "".join(source[piece.start : piece.end] for piece in found) == source
    assert all(piece.start < piece.end for piece in found)


@given(MARKUP | st.text())
def test_plain_text_takes_anything(source):
    text = plain_text(source)
    assert "\0" not in text
    assert text == text.strip(" \n")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp"]) | st.just(" ")))
def test_escaped_text_comes_back(text):
    assert plain_text(f"<p>{entities.escape(text)}</p>") == " ".join(text.split(" ")).strip(" ") or "  " in text


@given(MARKUP)
def test_decode_agrees_with_the_standard_library(source):
    text, edges = decode(source)
    assert text == entities.unescape(source)
    if edges is not None:
        assert len(edges) == len(text) + 1
        known = [edge for edge in edges if edge is not None]
        assert known == sorted(known)
        assert known[-1] == len(source)
        for offset, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            if start is not None and end is not None:
                assert entities.unescape(source[start:end]).startswith(text[offset])


def test_attributes():
    assert attributes(""" Class=a class="b" data-nolink title='x &amp; "y"' =odd z= """) == {
        "class": "a", "data-nolink": "", "title": 'x & "y"', "=odd": "", "z": "",
    }  # fmt: skip
