"""Settings for people: what there is, where a value comes from, and settings files edited in place."""
