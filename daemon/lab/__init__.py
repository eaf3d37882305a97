"""The laboratory: exams, the demonstration, experiments and the training of base models."""
