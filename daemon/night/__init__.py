"""The night: lessons, training, consolidation, exam, gate."""
