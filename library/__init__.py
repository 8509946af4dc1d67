"""The library: one citable record for each language edition, grouped by work.

Imports: links, sync, accounts, taxonomy, core.
"""
