"""Publication (信息公开): what is public of an approved report, since when, and how the public reads it."""
