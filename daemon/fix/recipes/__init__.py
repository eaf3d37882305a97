"""Recipes: right repairs that can be written down, each for a few codes; none is believed before it is checked."""
