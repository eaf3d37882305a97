"""Names that are not there, not visible or not what they are taken for."""

from sleepy.koans.forge.templates.names import absent, imports, members, misspellings, scopes

PARTS = (imports, misspellings, absent, members, scopes)
