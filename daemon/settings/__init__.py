"""Settings as a person asks for and changes them: what there is, where a value came from, a file edited in place."""
