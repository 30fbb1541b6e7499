"""What became of every scan: the log, the numbers that browsers count by, the conflict inbox."""
