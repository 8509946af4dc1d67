"""Objects for tests, with only what a test does not say filled in."""

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory):
    """A member: active, without any role. `groups=["Editors"]` gives roles."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def groups(self, create, names, **kwargs):
        if names:
            self.groups.set([Group.objects.get(name=name) for name in names])
