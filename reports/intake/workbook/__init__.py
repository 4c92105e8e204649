"""The official workbook (自评工作簿): one list of blocks and fields drives the writer and the reader.

Blocks and fields are those of the workspace's forms, so a cell is read, refused and worded exactly as the same field on the page.
"""
