"""What an administrator does from the command line: look, migrate, verify, back up, test."""
