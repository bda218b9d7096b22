"""Tables in, numbers out: trials, survival, eligibility, virtual trials."""
