"""Which keys a change of a page, of its place in the tree, or of a restriction above it touches."""

from wagtail.models import Page, PageViewRestriction

from core.entries import Part
from pages.models import Edition
from taxonomy.models import MAX_DEPTH, Theme

BASE = Page._meta.db_table
RESTRICTIONS = PageViewRestriction._meta.db_table
RESTRICTION_GROUPS = PageViewRestriction.groups.through
THEMES = Theme._meta.db_table
# A move, a new locale or a new title changes the table of all pages alone.
COLUMNS = ("live", "path", "title", "slug", "locale_id", "alias_of_id")


def page_parts(kind: str, model: type[Edition], column: str) -> tuple[Part, ...]:
    """Return the parts of the entries `kind:<column of the page's row>`."""
    pages = model._meta.db_table
    key = f"SELECT '{kind}:' || "
    # The keys of the pages in the section below a restriction.
    below = (
        f" JOIN {BASE} b ON substr(b.path, 1, length(r.path)) = r.path JOIN {pages} p ON p.page_ptr_id = b.id WHERE "
    )
    restricted = f"{key}p.{column} FROM {RESTRICTIONS} v JOIN {BASE} r ON r.id = v.page_id{below}"
    return (
        Part(model, f"{key}{{row}}.{column}"),
        Part(Page, f"{key}p.{column} FROM {pages} p WHERE p.page_ptr_id = {{row}}.id", columns=COLUMNS),
        Part(PageViewRestriction, f"{key}p.{column} FROM {BASE} r{below}r.id = {{row}}.page_id"),
        Part(RESTRICTION_GROUPS, f"{restricted}v.id = {{row}}.pageviewrestriction_id"),
    )


def child_part(kind: str, model: type[Edition], column: str, child: type) -> Part:
    """Return the part of rows that belong to a page, by their `page`."""
    return Part(
        child,
        f"SELECT '{kind}:' || p.{column} FROM {model._meta.db_table} p WHERE p.page_ptr_id = {{row}}.page_id",
    )


def themes_below(theme: str) -> str:
    """Return the SELECT of the themes below one, level by level: SQLite allows no WITH in a trigger."""
    levels = []
    for depth in range(1, MAX_DEPTH):
        joins = "".join(f" JOIN {THEMES} t{n} ON t{n}.parent_id = t{n - 1}.id" for n in range(2, depth + 1))
        levels.append(f"SELECT 'theme:' || t{depth}.id FROM {THEMES} t1{joins} WHERE t1.parent_id = {theme}")
    return " UNION ".join(levels)
