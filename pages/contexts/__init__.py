"""What the templates get: the same for readers and for editors' previews."""
