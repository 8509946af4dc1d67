"""What editors choose from: countries, and topics by the names that texts know them by."""

from core.folding import fold
from links.names import names_for
from taxonomy.models import Country, Theme

TERM_LANGUAGE = "en"  # of the names that terms are offered by


def countries() -> list[tuple[str, str]]:
    return sorted(((country.iso3, str(country)) for country in Country.objects.all()), key=lambda row: fold(row[1]))


def terms() -> list[tuple[str, str]]:
    """Return the keys of all terms with their names, from the names that `links` keeps."""
    rows = names_for("staff").rows
    found = {row.key: row.phrase for row in rows if _is_head(row.key, row.language, row.is_title)}
    return sorted(found.items(), key=lambda row: fold(row[1]))


def topics() -> list[tuple[str, str]]:
    """Return themes, then terms."""
    return [*((f"theme:{theme.pk}", str(theme)) for theme in Theme.objects.all()), *terms()]


def _is_head(key: str, language: str, is_title: bool) -> bool:
    return is_title and key.startswith("term:") and language == TERM_LANGUAGE
