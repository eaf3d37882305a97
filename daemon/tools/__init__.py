"""What a day and a night are handed: the database, the model, a judge that remembers."""
