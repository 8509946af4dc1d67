"""Who is told what: a row for each person and channel, sent after the change is committed.

Imports: accounts, core.
"""
