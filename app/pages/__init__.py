"""The screens. One screen is one module here, one template and at most one script, all with the same name."""
