"""References in Markdown, made of the code when they are asked for, so that they cannot say anything else."""
