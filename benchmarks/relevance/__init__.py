"""How good search results are: judged collections loaded as published resources, asked through the public search."""
