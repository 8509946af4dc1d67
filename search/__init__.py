"""One box over everything: from words to results. Imports: links, sync, accounts, taxonomy, core."""
