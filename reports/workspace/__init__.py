"""The stepped workspace (填报): sections, forms, saving and the live panel of one report."""
