"""Values used after they were given away."""

from sleepy.koans.forge.templates.moves import calls, endings, loops, parts, stores

PARTS = (calls, loops, stores, parts, endings)
