"""What can be exported about paid APIs."""

from data.quotas.exports import forecasts, usage

DATASETS = (*usage.DATASETS, *forecasts.DATASETS)
