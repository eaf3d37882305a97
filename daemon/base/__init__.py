"""What every other folder uses: settings, the home, errors, the lock, the clock, logs."""
