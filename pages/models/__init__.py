"""The editors' pages: for each language a home page, sections of countries and themes, and the pages below them.

Wagtail's tree is where editors work; readers get the pages through our own addresses (`pages.views`).
"""

from pages.models.base import Edition, OwnAddress
from pages.models.countries import PROGRAMMES, CountryPage, Scheme, nine_of
from pages.models.free import FreePage
from pages.models.sections import CountryIndexPage, HomePage, ThemeIndexPage
from pages.models.themes import KeyResource, ThemePage

__all__ = [
    "PROGRAMMES",
    "CountryIndexPage",
    "CountryPage",
    "Edition",
    "FreePage",
    "HomePage",
    "KeyResource",
    "OwnAddress",
    "Scheme",
    "ThemeIndexPage",
    "ThemePage",
    "nine_of",
]
