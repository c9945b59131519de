"""Files that people put in and take out, kept outside the web root by what is in them."""
