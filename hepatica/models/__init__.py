"""One file per subject; each holds a model's equations and the experiments that its targets
name."""
