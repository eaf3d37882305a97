"""The night: lessons, training, consolidation, exam and decision, stage by stage."""
