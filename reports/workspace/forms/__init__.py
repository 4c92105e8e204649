"""Forms and layouts of the sections, one module a section; ``SECTION_PARTS`` in ``workspace.sections`` joins them."""
