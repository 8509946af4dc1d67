"""Themes, countries, regions. Imports: core."""
