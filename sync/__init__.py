"""How index and links follow the data: what changed -> documents.

Triggers append the keys that a change touches (`capture`), folding counts them (`folding`), projecting builds the
documents that are visible now (`projection`), and `drain` does all that is pending. Imports: accounts, taxonomy, core.
"""
