"""Statistics: intervals, exact tests and the spending of a significance level."""
