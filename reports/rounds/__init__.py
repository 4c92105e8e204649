"""The round (自评任务) as its manager (绩效股) handles it: open, add, chase, extend, leave out, close; scans and calendar."""
