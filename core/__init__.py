"""Vocabulary and helpers. Knows nobody: imports no other app of ours."""
