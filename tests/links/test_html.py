import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.markup import decode, decoded, pieces, split
from links.html import link_html, unlink_html
from links.matching import Matcher, Phrase

NAMES = ["social security", "security", "pension", "old-age pension", "coverage", "fund", "scheme", "benefit"]
MATCHER = Matcher(
    [Phrase(name, "en", f"term:{name}", False) for name in NAMES] + [Phrase("Côte d'Ivoire", "en", "country:1", True)],
    "en",
)
FORBIDDEN = [
    "a", "h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "textarea", "select", "option", "code", "pre",
    "kbd", "samp", "script", "style", "template", "svg", "math", "blockquote", "q", "cite", "dfn", "figcaption",
]  # fmt: skip


def href(target):
    return None if target == "term:fund" else f'/x?a=1&b="{target}"'


def linked(source, **options):
    result = link_html(source, MATCHER, href, **options)
    assert unlink_html(result) == source
    return result


def names(source, **options):
    """The texts of the links that were inserted."""
    parser = _Links()
    parser.feed(linked(source, **options))
    parser.close()
    return parser.texts


class _Links(HTMLParser):
    """An independent reader of the result: text of each inserted link, and the elements it stands in."""

    VOID = ("br", "img", "input", "hr", "wbr")

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.texts, self.parents = [], [], []

    def handle_starttag(self, tag, attrs):
        if "data-auto" in dict(attrs):
            self.parents.append([*self.open])
            self.texts.append("")
        if tag not in self.VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in [name for name, _ in self.open]:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if any("data-auto" in attrs for _, attrs in self.open):
            self.texts[-1] += data


def test_a_link_goes_around_whole_elements():
    assert 'data-auto="' in linked("<em>social</em> security")
    assert linked("<p><em>social</em> security</p>").startswith('<p><a class="term" href=')
    assert linked("<p>social <b>security</b></p>").endswith(">social <b>security</b></a></p>")


def test_anchor():
    assert linked("<p>A Pension.</p>") == (
        '<p>A <a class="term" href="/x?a=1&amp;b=&quot;term:pension&quot;" data-auto="b3438008">Pension</a>.</p>'
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>pension pension</p><p>pension</p>", ["pension"]),
        ("pension<h2>x</h2>pension<h3>y</h3>pension<h2 id=z>z</h2>pension", ["pension"] * 3),
        ("social&nbsp;s&#101;cur&#x69;ty", ["social\u00a0security"]),
        ("C&ocirc;te d&rsquo;Ivoire &amp; pension", ["Côte d’Ivoire", "pension"]),
        ("social\n\n  security", ["social\n\n  security"]),
        ("&ampsecurity pension", ["pension"]),
        ("social <em>security</em>", ["social security"]),
        ("<em>social</em> security", ["social security"]),
        ("<b><i>social</i></b> <em>security</em> x", ["social security"]),
        ("s<b>oc</b>ial <br/>security", ["security"]),
        ("<em>a social</em> security", []),
        ("social <em>security x</em>", []),
        ("social <b><i>security</b></i>", []),
        ("social <code>security</code>", []),
        ("social <!-- x -->security", ["social security"]),
        ("<em>social security</em>", ["social security"]),
        ("social</p><p>security", ["security"]),
        ("social<br>security", ["security"]),
        ("<b>pension</b>er pens<i>ion</i>", ["pension"]),
        ("pension<sup>1</sup>", ["pension"]),
        ("pre<!-- x -->pension", []),
        ("<p>social security\n  </p>\n\n  <p>coverage</p>", ["social security", "coverage"]),
        ("a fund", []),
        ("<p title='pension' data-x=\"pension\">x <img alt=pension></p><!-- pension -->", []),
        ("<abbr>pension</abbr>", ["pension"]),
        ("<abbr title=x>pension</abbr>", []),
        ("<div class='a nolink'>pension <div>pension</div> pension</div> coverage", ["coverage"]),
        ("<p DATA-NOLINK>pension</p>", []),
        ("<p class=nolinks>pension</p>", ["pension"]),
        ("<a>x<p>pension</p></a> <code>pension", []),
        (
            "<script>'</p>' pension</script><style>pension</style><svg><title>pension</title><a/></svg>coverage",
            ["coverage"],
        ),
        ("<h2>pension</h3>pension", ["pension"]),
        ("<svg/>pension<math/> coverage", ["pension", "coverage"]),
        ("<input value=pension>pension <br>coverage", ["pension", "coverage"]),
        ("x < pension <3 </> pension", ["pension"]),
        ("pension <p coverage", ["pension"]),
        ("pension <p title='coverage", ["pension"]),
        ("https://pension.example/coverage", []),
        ("", []),
    ],
)
def test_where_links_stand(source, expected):
    assert names(source) == expected


@pytest.mark.parametrize("tag", FORBIDDEN)
def test_elements_without_links(tag):
    assert names(f"<{tag} class=x>pension <b>coverage</b></{tag}> scheme") == ["scheme"]


def test_own_page_is_skipped():
    assert names("pension coverage", skip=["term:pension"]) == ["coverage"]


def test_at_most_six_links_in_a_hundred_words():
    # Sections of 30 words with two names: three are linked, the fourth would bring eight links into 93 words.
    sections = "".join(f"<h2>x</h2><p>pension coverage {'word ' * 27}</p>" for _ in range(20))
    assert len(names(sections)) == 30
    assert names("<p>pension</p><h2></h2>" * 10) == ["pension"] * 6


def test_a_name_without_room_is_linked_later():
    six = ["pension", "coverage", "scheme", "benefit", "security", "social security"]
    crowded = f"{'. '.join(six)}. old-age pension {'word ' * 100} old-age pension"
    assert names(crowded) == [*six, "old-age pension"]
    assert linked(crowded).endswith(">old-age pension</a>")


def test_anchors_that_people_wrote_stay():
    for written in (
        '<a class="term" href="/x">pension</a>',
        '<a class="term" href="/x" data-auto>pension</a>',
        '<a class="term" href="/x" data-auto="00000000">pension</a>',
        '<b title=\'<a class="term" href="\'>pension</b>',
    ):
        assert unlink_html(written) == written
        assert unlink_html(linked(f"coverage {written} scheme")) == f"coverage {written} scheme"


def test_linking_again_follows_the_names_of_today():
    before = link_html("pension coverage", MATCHER, href)
    today = Matcher([Phrase("coverage", "en", "term:1", False)], "en")
    assert link_html(before, today, href) == link_html("pension coverage", today, href)


TEXTS = st.lists(
    st.sampled_from(
        [
            *NAMES,
            "social ",
            "old-",
            "-age",
            " ",
            " ",
            "&nbsp;",
            "&amp;",
            "&",
            "&#115;ecurity",
            "s",
            ".",
            "é",
            "&eacute",
            "\n",
            "\0",
            "\ud800",
            "word",
        ]
    )
).map("".join)
BROKEN = st.lists(
    TEXTS
    | st.sampled_from(
        ["<p>", "</p>", "<p", ">", "<", "</", "<b>", "</b>", "<a href=x>", "</a>", "<h2>", "</h2>",
         "<div class=nolink>",
         "</div>", "<!--", "-->", "'", '"', " title=", "<script>", "</script>", "<svg/>", "<svg>", "</svg>", "<br>",
         "<q>",
         "</q>", "<?", "<textarea>", "<![CDATA[", '<a class="term" href="x" data-auto="00000000">',
         '<a class="term" href="', '" data-auto="']
    )
).map("".join)  # fmt: skip
RAW = ("textarea", "script", "style")  # html.parser reads a textarea's content as tags
TAGS = [tag for tag in FORBIDDEN if tag not in RAW] + [
    "p", "div", "b", "em", "section", "sup", "div class=nolink", "p data-nolink", "abbr title=x", "h2 id=y",
]  # fmt: skip
WELL_FORMED = st.recursive(
    TEXTS.map(lambda text: text.replace("\0", "")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>", st.sampled_from(TAGS), st.lists(inner)
    ),
)


@given(BROKEN | WELL_FORMED | st.text())
def test_round_trip(source):
    result = link_html(source, MATCHER, href)
    assert unlink_html(result) == source
    assert link_html(result, MATCHER, href) == result
    assert link_html(unlink_html(result), MATCHER, href) == result


class _Text(HTMLParser):
    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.seen = []
        self.feed(source)
        self.close()

    def handle_data(self, data):
        self.seen.append(data)

    def handle_starttag(self, tag, attrs):
        if "data-auto" not in dict(attrs):
            self.seen.append((tag, attrs))


@example("&social security, &pension; &amp;coverage")
@given(WELL_FORMED)
def test_the_reader_reads_the_same(source):
    """What is inserted changes neither text nor elements, for an independent parser."""

    def texts(html):
        return "".join(part if isinstance(part, str) else "\n" for part in _Text(html).seen)

    def elements(html):
        return [part for part in _Text(html).seen if not isinstance(part, str)]

    result = link_html(source, MATCHER, href)
    assert texts(result) == texts(source)
    assert elements(result) == elements(source)


@given(BROKEN | WELL_FORMED | st.text())
def test_what_is_split_are_the_pieces(source):
    parts = split(source)
    assert "".join(parts) == source
    texts = [source[piece.start : piece.end] for piece in pieces(source) if piece.kind == "text"]
    assert [text for text in parts[::2] if text] == texts


@given(BROKEN | st.text())
def test_decoding_with_and_without_places_says_the_same(source):
    assert decoded(source) == decode(source)[0]


@given(WELL_FORMED)
def test_links_are_whole_elements(source):
    """No tag of the source is torn from its partner: each link holds as many end tags as start tags, in order."""
    for inner in re.findall(
        r'<a class="term" href="[^"]*" data-auto="[0-9a-f]{8}">(.*?)</a>', link_html(source, MATCHER, href), re.S
    ):
        is_open = []
        for end, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", inner):
            if end:
                assert is_open.pop() == name
            else:
                is_open.append(name)
        assert not is_open


@given(WELL_FORMED)
def test_no_link_in_a_forbidden_element(source):
    parser = _Links()
    parser.feed(link_html(f"<section>pension {source} </section>", MATCHER, href))
    assert parser.texts[0] == "pension"
    for parents in parser.parents:
        for name, attrs in parents:
            assert name not in FORBIDDEN
            assert "data-nolink" not in attrs and attrs.get("class") != "nolink"
            assert not (name == "abbr" and "title" in attrs)
