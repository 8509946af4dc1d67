"""Terms: concepts, what they are called and mean in each language. Imports: links, sync, accounts, taxonomy, core."""
