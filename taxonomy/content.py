"""Loads `content/themes.csv` and `content/countries.csv`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.loading import Loader, Report, Row, RowError, read_csv, register
from taxonomy.models import Country, IncomeGroup, Region, Theme

NAMES = ("name_en", "name_fr", "name_es")


@register
class ThemeLoader(Loader):
    """Themes, parents before children as they stand in the file."""

    name = "themes"
    order = 10

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        for row in read_csv(folder / "themes.csv", ("slug", "parent", *NAMES), lambda v: v["slug"], report):
            row.values["position"] = row.line
            yield row

    def wanted(self, row: Row) -> dict[str, Any]:
        if not row.values["slug"]:
            raise RowError("slug is empty")
        return {name: row.values[name] for name in ("slug", "parent", "position", *NAMES)}

    def present(self) -> dict[str, Theme]:
        return {theme.slug: theme for theme in Theme.objects.select_related("parent")}

    def state(self, obj: Theme) -> dict[str, Any]:
        return {
            "slug": obj.slug,
            "parent": obj.parent.slug if obj.parent else "",
            "position": obj.position,
            **{name: getattr(obj, name) for name in NAMES},
        }

    def save(self, key: str, wanted: dict[str, Any], obj: Theme | None) -> None:
        theme = obj or Theme()
        parent = Theme.objects.filter(slug=wanted["parent"]).first()
        if wanted["parent"] and parent is None:
            raise RowError(f"parent {wanted['parent']!r} is no theme: write it in an earlier line")
        for name, value in {**wanted, "parent": parent}.items():
            setattr(theme, name, value)
        theme.full_clean()
        theme.save()


@register
class CountryLoader(Loader):
    """Countries and territories of ISO 3166-1."""

    name = "countries"
    order = 20
    columns = ("iso3", "iso2", *NAMES, "region", "income_group")

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        return read_csv(folder / "countries.csv", self.columns, lambda v: v["iso3"], report)

    def wanted(self, row: Row) -> dict[str, Any]:
        values = {name: row.values[name] for name in self.columns}
        for name, choices in (("region", Region), ("income_group", IncomeGroup)):
            if values[name] and values[name] not in choices.values:
                raise RowError(f"{name} {values[name]!r} is unknown: use one of {', '.join(choices.values)}")
        return values

    def present(self) -> dict[str, Country]:
        return {country.iso3: country for country in Country.objects.all()}

    def state(self, obj: Country) -> dict[str, Any]:
        return {name: getattr(obj, name) for name in self.columns}

    def save(self, key: str, wanted: dict[str, Any], obj: Country | None) -> None:
        country = obj or Country()
        for name, value in wanted.items():
            setattr(country, name, value)
        country.full_clean()
        country.save()
