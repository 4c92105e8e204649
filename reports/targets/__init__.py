"""Approved targets of a district (批复的绩效目标): the workbook, reading it, what it would change, writing it."""
