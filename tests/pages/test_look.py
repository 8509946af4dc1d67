"""How content is set: what no reader sees as a mistake, and everybody does when it is one."""

import pytest
from django.template import Context, Template

from tests.glossary.factories import pension
from tests.pages.factories import theme_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "set_"),
    [
        (
            '<a href="https://www.ssa.gov/kenya.html?a=1&amp;b=2">https://www.ssa.gov/kenya.html?a=1&amp;b=2</a>',
            '<a href="https://www.ssa.gov/kenya.html?a=1&amp;b=2">ssa.gov</a>',
        ),
        ('<a href="https://ilo.org/x">Convention No. 102</a>', '<a href="https://ilo.org/x">Convention No. 102</a>'),
        ("<p>In 2021 7.2 % of 3 persons</p>", "<p>In 2021 7.2\u00a0% of 3 persons</p>"),
    ],
)
def test_rich_text_is_set(written, set_):
    assert Template("{% load gess %}{{ text|set_type }}").render(Context({"text": written})) == set_


def test_a_theme_that_is_a_branch_has_its_tooth(client):
    for slug, teeth in {"maternity": {"maternity": "full"}, "financing": {}}.items():
        theme_page(slug)
        response = client.get(f"/en/themes/{slug}/")
        assert response.context["edge_states"] == teeth and (b'class="edge"' in response.content) == bool(teeth)


def test_a_list_shows_a_term_as_a_dictionary_does(client, drained):
    pension()
    drained()
    text = client.get("/en/search/?q=old-age").content.decode()
    entry = text.partition('<li class="term">')[2].partition("</li>")[0]
    assert entry.index("<h3>") < entry.index('lang="fr" dir="ltr">pension de vieillesse') < entry.index('class="meta"')
