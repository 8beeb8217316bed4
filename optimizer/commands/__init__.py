"""The commands, one file each; whatever costs start-up time is imported when a command runs."""
