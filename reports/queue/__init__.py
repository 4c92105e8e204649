"""The review queue (审核队列): filters, keyset paging, saved views, steps on many reports, offices, who is looking."""
