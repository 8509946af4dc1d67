"""Experts: their CVs, who may read which part, and for how long. Imports: links, sync, accounts, taxonomy, core."""
