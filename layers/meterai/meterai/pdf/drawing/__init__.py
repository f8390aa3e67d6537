"""What a stamp looks like: artwork, QR code, appearance."""
