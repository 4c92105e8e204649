"""Pages of the reports floor: thin; rules stand in the workflow, the services and the querysets."""
