"""A change of names is work for the texts that hold them, and for no others."""

import pytest

from glossary.models import Designation
from library.models import Resource
from links.models import Link, Name, NameRule
from sync.models import State
from tests.glossary.factories import concept, section, word
from tests.library.factories import resource

pytestmark = pytest.mark.django_db
ALL = 40  # texts


@pytest.fixture
def texts(drained) -> dict[str, list[str]]:
    """Keys of the texts by the words that stand in each."""
    found = {"reserve fund": [], "buffer fund": [], "nothing": []}
    for number in range(ALL):
        words = {0: "reserve fund", 1: "buffer fund"}.get(number % 10, "nothing")
        found[words].append(f"resource:{resource(f'Study {number}', abstract=f'It tells of {words}.').pk}")
    drained()
    return found


def projected(drained) -> set[str]:
    """Drain, and return the keys that were projected meanwhile."""
    before = dict(State.objects.values_list("key", "done"))
    drained()
    return {key for key, done in State.objects.values_list("key", "done") if done != before.get(key)}


def test_renaming_a_term_touches_what_held_and_what_holds_it(texts, drained):
    fund = concept("reserve fund")
    assert projected(drained) == {f"term:{fund.pk}", *texts["reserve fund"]}
    Designation.objects.get().section.designations.update(text="buffer fund")
    assert projected(drained) == {f"term:{fund.pk}", *texts["reserve fund"], *texts["buffer fund"]}
    sources = Link.objects.filter(target=f"term:{fund.pk}", how="mention").values_list("source", flat=True)
    assert {*sources} == {*texts["buffer fund"]}


def test_a_form_that_is_added_touches_only_its_texts(texts, drained):
    fund = concept(section("en", word("reserve fund", ["buffer fund"], kind="full_form")))
    assert projected(drained) == {f"term:{fund.pk}", *texts["reserve fund"], *texts["buffer fund"]}
    Name.objects.get(phrase="buffer fund")
    Designation.objects.get().forms.all().delete()
    assert {*texts["buffer fund"]} <= projected(drained)


def test_what_does_not_change_names_touches_no_text(texts, drained):
    fund = concept("reserve fund")
    drained()
    fund.sections.update(definition="another definition")
    assert projected(drained) == {f"term:{fund.pk}"}
    fund.sections.get().designations.update(qualifier="of a scheme")  # the title, and with it the address
    assert projected(drained) <= {f"term:{fund.pk}", *texts["reserve fund"]}


def test_a_text_that_two_terms_claimed_is_linked_when_one_is_gone(texts, drained):
    one = concept(section("en", "sickness benefit", word("reserve fund", status="admitted")))
    other = concept(section("en", "family benefit", word("reserve fund", status="admitted")))
    drained()
    assert not Link.objects.filter(how="mention", source__in=texts["reserve fund"]).exists()
    NameRule.objects.create(key=f"term:{one.pk}", phrase="reserve fund", mode="never")
    assert projected(drained) - {f"term:{other.pk}"} == {f"term:{one.pk}", *texts["reserve fund"]}
    assert Link.objects.filter(target=f"term:{other.pk}", how="mention", source__in=texts["reserve fund"]).count() == 4
    NameRule.objects.all().delete()
    drained()
    other.delete()
    drained()
    assert Link.objects.filter(target=f"term:{one.pk}", how="mention", source__in=texts["reserve fund"]).count() == 4


def test_the_texts_themselves_are_all_there(texts):
    assert Resource.objects.count() == ALL and sum(map(len, texts.values())) == ALL
