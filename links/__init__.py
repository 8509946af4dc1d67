"""Who mentions whom: names, links, related entries. Imports: sync, accounts, taxonomy, core."""
