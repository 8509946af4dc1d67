"""Who sees which profile: states, levels, ages, consents and readers; the queryset and the object say the same."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from experts.choices import Level, Purpose, State
from experts.models import ExpertProfile, ProfileText, Visibility
from tests.experts.factories import agree, expert, levels, sample
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers(member, editor) -> dict:
    return {"visitor": AnonymousUser(), "member": member, "staff": editor}


def names_seen(user) -> set[str]:
    return set(ExpertProfile.objects.visible_to(user).values_list("name", flat=True))


def test_the_twins_agree_on_every_state_level_age_consent_and_reader(readers):
    owner = UserFactory()
    for state in State:
        for level in Level:
            expert(f"{state} {level}", state=state, level=level)
        expert(f"{state} of the owner", state=state, level=Level.PRIVATE, user=owner if state == State.DRAFT else None)
        sample(f"{state} sample", state=state, confirmed_days_ago=5000)
    for days in (None, 0, 364, 366, 547, 549):
        expert(f"{days} days", confirmed_days_ago=days)
    expert("no consent", consent=False)
    agree(expert("another consent", consent=False), Purpose.STATISTICS)
    withdrawn = expert("withdrawn consent", consent=False)
    consent = agree(withdrawn)
    consent.withdrawn_at = timezone.now()
    consent.save()
    expert("unpublished", live=False)
    no_levels = expert("no levels")
    Visibility.objects.filter(profile=no_levels).delete()
    profiles = list(ExpertProfile.objects.all())
    assert len(profiles) == len(State) * (len(Level) + 2) + 11
    for user in [*readers.values(), owner]:
        visible = set(ExpertProfile.objects.visible_to(user))
        assert visible == {profile for profile in profiles if profile.is_visible_to(user)}
        findable = set(ExpertProfile.objects.findable_by(user))
        assert findable == {profile for profile in profiles if profile.is_findable_by(user)}
        assert findable <= visible


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("level", Level)
def test_a_page_by_state_and_level(client, member_client, editor_client, state, level):
    address = expert(state=state, level=level).get_absolute_url()
    approved = state == State.APPROVED
    allowed = {
        client: approved and level == Level.PUBLIC,
        member_client: approved and level in (Level.PUBLIC, Level.REGISTERED),
        editor_client: state != State.ERASED,
    }
    for reader, may in allowed.items():
        assert reader.get(address).status_code == (200 if may else 404)


def test_an_owner_reads_all_of_a_draft(client):
    owner = UserFactory()
    draft = expert(state=State.DRAFT, level=Level.PRIVATE, user=owner, headline="Only mine", consent=False)
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(owner)
    assert b"Only mine" in client.get(draft.get_absolute_url()).content
    ExpertProfile.objects.update(state=State.ERASED)
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("days", "found", "page"), [(364, True, 200), (366, False, 200), (549, False, 404)])
def test_a_profile_grows_old(client, drained, days, found, page):
    made = expert("Old Acquaintance", confirmed_days_ago=days)
    drained()
    assert (b"Old Acquaintance" in client.get("/en/experts/").content) is found
    response = client.get(made.get_absolute_url())
    assert response.status_code == page
    if page == 200:
        assert (b'class="stale"' in response.content) is not found


def test_withdrawing_consent_and_levels_counts_at_the_next_request(client, drained):
    made = expert("Had Enough")
    drained()
    assert b"Had Enough" in client.get("/en/experts/").content
    made.consents.update(withdrawn_at=timezone.now())
    assert b"Had Enough" not in client.get("/en/experts/").content
    assert client.get(made.get_absolute_url()).status_code == 404
    agree(made)
    assert b"Had Enough" in client.get("/en/experts/").content
    Visibility.objects.filter(section="identity").update(level=Level.REGISTERED)
    assert b"Had Enough" not in client.get("/en/experts/").content
    assert b"Had Enough" not in client.get("/en/search/?q=enough").content


def test_what_is_not_said_is_private():
    made = ExpertProfile.objects.create(name="Nobody asked")
    assert made.level("identity") == Level.PRIVATE and made.state == State.DRAFT
    assert not made.is_visible_to(AnonymousUser())


# --- Samples ---------------------------------------------------------------------------------------------------------
def test_a_sample_belongs_to_nobody_and_agrees_to_nothing(member):
    made = sample()
    assert not made.is_contactable and made.is_visible_to(AnonymousUser())
    with pytest.raises(ValidationError, match="invented person"):
        agree(made)
    with pytest.raises(IntegrityError):
        ExpertProfile.objects.filter(pk=made.pk).update(user=member)


def test_a_person_with_consents_is_no_sample():
    made = expert()
    made.is_sample = True
    with pytest.raises(ValidationError, match="gave consents"):
        made.full_clean()


def test_contact_needs_its_own_consent():
    made = expert()
    assert not made.is_contactable
    agree(made, Purpose.CONTACT_RELAY)
    assert ExpertProfile.objects.get().is_contactable


# --- Addresses and confirmation --------------------------------------------------------------------------------------
def test_addresses_cannot_be_guessed():
    slugs = {expert("Awa Diallo-Özgür").slug for _ in range(20)}
    assert len(slugs) == 20 and all(slug.startswith("awa-diallo-ozgur-") and len(slug) == 23 for slug in slugs)


def test_confirming_says_when_to_ask_again():
    made = expert(confirmed_days_ago=None)
    assert not made.is_visible_to(AnonymousUser())
    made.confirm()
    made.save()
    assert made.is_visible_to(AnonymousUser())
    assert made.next_review_at - made.last_confirmed_at == timedelta(days=settings.EXPERT_REVIEW_DAYS)


def test_confirming_in_the_future_is_refused():
    made = expert()
    made.last_confirmed_at = timezone.now() + timedelta(days=2)
    with pytest.raises(ValidationError, match="not come yet"):
        made.full_clean()


def test_levels_of_items_go_before_those_of_sections():
    made = expert(texts=[ProfileText(language="en", headline="x")])
    made.visibilities = levels(Level.MANAGERS)
    assert made.level("education") == Level.MANAGERS and made.level("education", Level.PUBLIC) == Level.PUBLIC
