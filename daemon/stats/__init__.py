"""Statistics: intervals, exact tests, sequential tests by betting and their levels."""
