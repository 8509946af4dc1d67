"""A whole site of the embedded way in one file: database, uploaded files, kept secret, and a manifest that proves them.

`making` writes an archive of a running site, `reading` checks and unpacks one, `placing` puts it where it serves;
`contents` says what there is in a database, so that two can be proven equal.
"""
