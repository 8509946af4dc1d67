"""Users and what they may see. Imports: core."""
