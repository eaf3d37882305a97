"""What everything stands on: settings, the home, errors, the lock, the clock, logs."""
