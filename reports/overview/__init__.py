"""Overview of a round (总览) and the district's summary documents. Everything adds up rows that the workflow stored."""
