"""What every bench goes by: the shared clips, the measures, the rival, processes and sheets."""
