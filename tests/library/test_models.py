"""Numbers, works and what the database refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from library.models import Agent, Numbering, Resource, Work
from tests.library.factories import resource

pytestmark = pytest.mark.django_db


def test_numbers_follow_each_other_and_are_never_given_again():
    first, second = resource(), resource()
    assert second.number == first.number + 1
    last = second.number
    second.delete()
    assert resource().number == last + 1
    Resource.objects.all().delete()
    assert resource().number == last + 2


def test_a_number_given_from_outside_is_remembered():
    resource(number=500)
    Resource.objects.filter(number=500).delete()
    assert resource().number == 501 and Numbering.objects.count() == 1


def test_a_work_goes_with_its_last_edition():
    first = resource()
    second = resource(language="fr", work=first.work)
    first.delete()
    assert Work.objects.filter(pk=second.work_id).exists()
    second.delete()
    assert not Work.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"type": "poem"},
        {"number": 1},
        {"language": "en", "same_work": True},
        {"is_original": True, "same_work": True},
    ],
)
def test_the_database_refuses(fields):
    work = resource(number=1, is_original=True).work
    if fields.pop("same_work", False):
        fields = {"language": "fr", **fields, "work": work}
    with pytest.raises(IntegrityError), transaction.atomic():
        resource(**fields)


def test_only_an_instruments_number_may_be_shared():
    shared = {"type": "international-instrument", "identifiers": {"ilo": "C102"}}
    resource(**shared)
    resource(**shared)
    resource(identifiers={"doi": "10.1111/issr.1"})
    with pytest.raises(IntegrityError), transaction.atomic():
        resource(identifiers={"doi": "https://doi.org/10.1111/ISSR.1"})


@pytest.mark.parametrize(
    ("field", "value"), [("date", "circa 1998"), ("date", "98"), ("language", "EN"), ("title", "  ")]
)
def test_a_wrong_value_is_told(field, value):
    made = resource()
    setattr(made, field, value)
    with pytest.raises(ValidationError) as told:
        made.full_clean()
    assert list(told.value.message_dict) == [field]


def test_two_names_in_one_field_are_refused():
    with pytest.raises(ValidationError, match="one name only"):
        Agent(kind="person", name="Ong, C. B.; Himanshu").full_clean()
