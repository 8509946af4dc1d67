"""Images and documents. Imports: accounts, core."""
