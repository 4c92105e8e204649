"""What the bureau does with a reviewed report (审核文书、抽查复核、整改): sheets, spot checks, rectification, safe viewing."""
