"""Metrics of generated motion after Guo et al. 2022, the physical report, and the page that shows both."""
