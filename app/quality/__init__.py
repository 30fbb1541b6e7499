"""What keeps stock from shipping by quality: its status, holds of lots, goods that come back."""
