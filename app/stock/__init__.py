"""What there is, where it lies, how it came there, what it is worth: reading and taking back."""
