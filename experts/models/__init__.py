"""Profiles of experts and their parts. No part holds an address, telephone number or other way to reach a person."""

from experts.models.parts import (
    Assignment,
    CountryExperience,
    Education,
    Employment,
    Expertise,
    LanguageSkill,
    ProfileText,
    Visibility,
)
from experts.models.profiles import Consent, ExpertProfile

__all__ = [
    "Assignment",
    "Consent",
    "CountryExperience",
    "Education",
    "Employment",
    "ExpertProfile",
    "Expertise",
    "LanguageSkill",
    "ProfileText",
    "Visibility",
]
