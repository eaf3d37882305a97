"""The long-running daemon: what it decides, how it works, how it is started, told and watched."""
