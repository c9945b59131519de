"""The register of clubs, their books as the commune keys them, and what hangs on them."""
