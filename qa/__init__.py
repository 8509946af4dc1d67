"""Questions and answers: cases, their texts, answers and citations, and the public snapshots.

Imports: experts, glossary, library, links, notifications, sync, accounts, taxonomy, core.
"""
