"""Bulk export of a round (批量导出): one archive of all reports, written by the background worker.

``files`` makes one report's files (the command ``export`` uses it too), ``archive`` packs them, ``lease`` sees to it that
one worker at a time has a job, ``work`` does a turn of one, ``recovery`` goes on where a worker died, ``services`` is what
people do with a job, ``progress`` what its page shows.
"""
