"""The long-running daemon: how it decides and works, how it is started, controlled and monitored."""
